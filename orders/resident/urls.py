"""The resident's way from the basket to the ticket."""

from django.urls import path

from orders.resident.views import basket, basket_closed, checkout, payment, ticket, ticket_contact

urlpatterns = [
    path("panier/", basket.basket, name="basket"),
    path("panier/lignes/", basket.lines, name="basket-lines"),
    path("panier/<int:listing_id>/", basket.set_line, name="basket-line"),
    path("panier/<int:basket_id>/ajuster/", basket.fit, name="basket-fit"),
    path("panier/<int:basket_id>/deplacer/", basket_closed.move, name="basket-move"),
    path("panier/<int:basket_id>/vider/", basket_closed.empty, name="basket-empty"),
    path("commande/", checkout.start, name="checkout"),
    path("commande/<int:basket_id>/", checkout.contact, name="contact"),
    path("commande/<int:basket_id>/verification/", checkout.verify, name="verify"),
    path("commande/<int:basket_id>/confirmer/", checkout.place, name="place"),
    path("billet/<str:code>/", ticket.ticket, name="ticket"),
    path("billet/<str:code>/billet.pdf", ticket.pdf, name="ticket-pdf"),
    path("billet/<str:code>/agenda.ics", ticket.calendar, name="ticket-calendar"),
    path("billet/<str:code>/paiement/", payment.payment, name="payment"),
    path("billet/<str:code>/paiement/payer/", payment.pay, name="payment-pay"),
    path("billet/<str:code>/paiement/sur-place/", payment.at_stall, name="payment-at-stall"),
    path("billet/<str:code>/annuler/", ticket.cancel, name="ticket-cancel"),
    path("billet/<str:code>/adresse/", ticket_contact.correct, name="ticket-contact"),
    path("billet/<str:code>/recommander/", ticket.repeat, name="ticket-repeat"),
]
