"""What a producer prepares, and its stall on the market day, below /producteur/.

Nothing here exists for anybody but the producer's members.
"""

from django.urls import path, register_converter

from marche.common.converters import DateConverter
from orders.stall.views import preparation, stall, statement

register_converter(DateConverter, "stall_date")

_DAY = "<slug:producer>/<slug:market>/<stall_date:date>/"
_BENCH = f"{_DAY}preparation/"
_STALL = f"{_DAY}etal/"
_ORDER = f"{_STALL}<int:number>/"

urlpatterns = [
    path(_BENCH, preparation.preparation, name="preparation"),
    path(f"{_BENCH}sans-pesee/", preparation.rest, name="prepare-rest"),
    path(f"{_BENCH}<int:number>/", preparation.prepare, name="prepare"),
    path(_STALL, stall.stall, name="stall"),
    path(_ORDER, stall.order, name="stall-order"),
    path(f"{_ORDER}remettre/", stall.give, name="stall-hand-over"),
    path(f"{_ORDER}payer/", stall.pay, name="stall-pay"),
    path(f"{_ORDER}reprendre/", stall.undo, name="stall-take-back"),
    path(f"{_DAY}releve/", statement.page, name="statement"),
    path(f"{_DAY}releve.pdf", statement.pdf, name="statement-pdf"),
    path(f"{_DAY}releve.csv", statement.as_csv, name="statement-csv"),
    path(f"{_DAY}releve.xlsx", statement.as_xlsx, name="statement-xlsx"),
]
