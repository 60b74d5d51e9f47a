"""The stall on the market day, below /producteur/. Nothing here exists for anybody but the producer's members."""

from django.urls import path, register_converter

from marche.converters import DateConverter
from orders.views import stall

register_converter(DateConverter, "stall_date")

_STALL = "<slug:producer>/<slug:market>/<stall_date:date>/etal/"
_ORDER = f"{_STALL}<int:number>/"

urlpatterns = [
    path(_STALL, stall.stall, name="stall"),
    path(_ORDER, stall.order, name="stall-order"),
    path(f"{_ORDER}remettre/", stall.give, name="stall-hand-over"),
    path(f"{_ORDER}payer/", stall.pay, name="stall-pay"),
    path(f"{_ORDER}reprendre/", stall.undo, name="stall-take-back"),
]
