"""Where Stripe posts its events: one address a till, and one for the events of producers' accounts."""

from django.urls import path

from marche.payments.views import webhook

urlpatterns = [
    path("stripe/<str:till>/", webhook.platform, name="stripe-webhook"),
    path("stripe/<str:till>/comptes/", webhook.connect, name="stripe-connect-webhook"),
]
