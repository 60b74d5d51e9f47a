"""The manager's screens, below /gestion/. Nothing of a market exists here for anybody but its managers."""

from __future__ import annotations

from django.urls import path, register_converter

from marche.converters import DateConverter
from orders.views import (
    manage_calls,
    manage_cancel,
    manage_contact,
    manage_day,
    manage_days,
    manage_market,
    manage_move,
    manage_order,
    manage_payments,
    manage_report,
)

register_converter(DateConverter, "market_date")

_DAY = "<slug:market>/<market_date:date>/"
_ORDER = f"{_DAY}commandes/<int:number>/"
_PAYMENTS = "<slug:market>/paiements/"

urlpatterns = [
    path("", manage_days.manage, name="manage"),
    path("<slug:market>/reglages/", manage_market.manage_market, name="manage-market"),
    path(_PAYMENTS, manage_payments.manage_payments, name="manage-payments"),
    path(f"{_PAYMENTS}comparer/", manage_payments.compare, name="manage-payments-compare"),
    path(f"{_PAYMENTS}<int:attempt_id>/verifier/", manage_payments.check, name="manage-payment-check"),
    path(f"{_PAYMENTS}demandes/<int:instruction_id>/reessayer/", manage_payments.retry, name="manage-payment-retry"),
    path(_DAY, manage_day.manage_day, name="manage-day"),
    path(f"{_DAY}jour-ferie/maintenir/", manage_day.hold_holiday, name="manage-holiday-hold"),
    path(f"{_DAY}jour-ferie/annuler/", manage_day.cancel_holiday, name="manage-holiday-cancel"),
    path(f"{_DAY}annuler/", manage_cancel.cancel_market, name="manage-day-cancel"),
    path(f"{_DAY}deplacer/", manage_move.move, name="manage-day-move"),
    path(f"{_DAY}appels/", manage_calls.manage_calls, name="manage-calls"),
    path(f"{_DAY}appels/appele/", manage_calls.called, name="manage-called"),
    path(f"{_DAY}appels/pas-appele/", manage_calls.not_called, name="manage-not-called"),
    path(f"{_DAY}plafond/", manage_day.set_cap, name="manage-cap"),
    path(f"{_DAY}creneaux/<int:slot_id>/", manage_day.set_capacity, name="manage-capacity"),
    path(f"{_DAY}messages/<int:message_id>/renvoyer/", manage_day.send_again, name="manage-send-again"),
    path(f"{_DAY}bilan/", manage_report.manage_report, name="manage-report"),
    path(f"{_DAY}bilan.xlsx", manage_report.workbook, name="manage-report-workbook"),
    path(f"{_DAY}bilan/<slug:table>.csv", manage_report.table_csv, name="manage-report-csv"),
    path(f"{_DAY}bilan/<slug:table>.xlsx", manage_report.table_xlsx, name="manage-report-xlsx"),
    path(_ORDER, manage_order.manage_order, name="manage-order"),
    path(f"{_ORDER}contact/", manage_contact.correct, name="manage-order-contact"),
    path(f"{_ORDER}annuler/", manage_order.cancel, name="manage-order-cancel"),
    path(f"{_ORDER}parts/<int:part>/annuler/", manage_cancel.cancel_producer, name="manage-part-cancel"),
    path(f"{_ORDER}lignes/<int:part>/", manage_order.strike, name="manage-order-strike"),
]
