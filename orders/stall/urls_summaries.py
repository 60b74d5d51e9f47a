"""A producer's summary, by the link in its mail, without signing in."""

from django.urls import path

from orders.stall.views import summaries

urlpatterns = [
    path("recapitulatif/<str:token>/", summaries.page, name="summary"),
    path("recapitulatif/<str:token>/recapitulatif.pdf", summaries.pdf, name="summary-pdf"),
    path("recapitulatif/<str:token>/recapitulatif.csv", summaries.as_csv, name="summary-csv"),
    path("recapitulatif/<str:token>/recapitulatif.xlsx", summaries.as_xlsx, name="summary-xlsx"),
    path("recapitulatif/<str:token>/recu/", summaries.acknowledge, name="summary-acknowledge"),
]
