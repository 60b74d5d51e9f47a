"""What managers do about payments, below /gestion/."""

from django.urls import path

from marche.payments.views import manager

urlpatterns = [
    path("<slug:market>/paiements/comptes/<int:account_id>/", manager.refresh, name="manage-account-refresh"),
]
