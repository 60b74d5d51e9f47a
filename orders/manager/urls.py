"""The manager's screens, below /gestion/. Nothing of a market exists here for anybody but its managers."""

from __future__ import annotations

from django.urls import path, register_converter

from marche.common.converters import DateConverter
from orders.manager.views import calls, cancel, contact, day, days, market, move, order, payments, report

register_converter(DateConverter, "market_date")

_DAY = "<slug:market>/<market_date:date>/"
_ORDER = f"{_DAY}commandes/<int:number>/"
_PAYMENTS = "<slug:market>/paiements/"

urlpatterns = [
    path("", days.manage, name="manage"),
    path("<slug:market>/reglages/", market.manage_market, name="manage-market"),
    path(_PAYMENTS, payments.manage_payments, name="manage-payments"),
    path(f"{_PAYMENTS}comparer/", payments.compare, name="manage-payments-compare"),
    path(f"{_PAYMENTS}<int:attempt_id>/verifier/", payments.check, name="manage-payment-check"),
    path(f"{_PAYMENTS}demandes/<int:instruction_id>/reessayer/", payments.retry, name="manage-payment-retry"),
    path(_DAY, day.manage_day, name="manage-day"),
    path(f"{_DAY}jour-ferie/maintenir/", day.hold_holiday, name="manage-holiday-hold"),
    path(f"{_DAY}jour-ferie/annuler/", day.cancel_holiday, name="manage-holiday-cancel"),
    path(f"{_DAY}annuler/", cancel.cancel_market, name="manage-day-cancel"),
    path(f"{_DAY}deplacer/", move.move, name="manage-day-move"),
    path(f"{_DAY}appels/", calls.manage_calls, name="manage-calls"),
    path(f"{_DAY}appels/appele/", calls.called, name="manage-called"),
    path(f"{_DAY}appels/pas-appele/", calls.not_called, name="manage-not-called"),
    path(f"{_DAY}plafond/", day.set_cap, name="manage-cap"),
    path(f"{_DAY}creneaux/<int:slot_id>/", day.set_capacity, name="manage-capacity"),
    path(f"{_DAY}messages/<int:message_id>/renvoyer/", day.send_again, name="manage-send-again"),
    path(f"{_DAY}bilan/", report.manage_report, name="manage-report"),
    path(f"{_DAY}bilan.xlsx", report.workbook, name="manage-report-workbook"),
    path(f"{_DAY}bilan/<slug:table>.csv", report.table_csv, name="manage-report-csv"),
    path(f"{_DAY}bilan/<slug:table>.xlsx", report.table_xlsx, name="manage-report-xlsx"),
    path(_ORDER, order.manage_order, name="manage-order"),
    path(f"{_ORDER}contact/", contact.correct, name="manage-order-contact"),
    path(f"{_ORDER}annuler/", order.cancel, name="manage-order-cancel"),
    path(f"{_ORDER}parts/<int:part>/annuler/", cancel.cancel_producer, name="manage-part-cancel"),
    path(f"{_ORDER}lignes/<int:part>/", order.strike, name="manage-order-strike"),
]
