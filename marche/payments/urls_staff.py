"""A producer's payments, below /producteur/. Nothing here exists for anybody but the producer's members."""

from django.urls import path

from marche.payments.views import producer

_PAYMENTS = "<slug:producer>/paiements/"

urlpatterns = [
    path(_PAYMENTS, producer.producer_payments, name="producer-payments"),
    path(f"{_PAYMENTS}<str:till>/compte/", producer.producer_account, name="producer-account"),
    path(f"{_PAYMENTS}<str:till>/compte/reprendre/", producer.producer_account_again, name="producer-account-again"),
]
