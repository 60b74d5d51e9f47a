"""A resident's own pages, below /mon-compte/."""

from django.urls import path

from orders.resident.views import account, my_data

urlpatterns = [
    path("", account.account, name="account"),
    path("mes-donnees/", my_data.my_data, name="my-data"),
    path("mes-donnees/mes-donnees.json", my_data.as_json, name="my-data-json"),
    path("mes-donnees/mes-commandes.csv", my_data.as_csv, name="my-data-csv"),
    path("mes-donnees/mes-commandes.xlsx", my_data.as_xlsx, name="my-data-xlsx"),
    path("mes-donnees/effacer/", my_data.erase, name="my-data-erase"),
]
