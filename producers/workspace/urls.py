"""The producer's own screens, below /producteur/. Nothing here exists for anybody but the producer's members."""

from django.urls import path, register_converter

from marche.common.converters import DateConverter
from producers.workspace.views import home, offer, sheet

register_converter(DateConverter, "staff_date")

_SHEETS = "<slug:producer>/produits/"
_SHEET = f"{_SHEETS}<int:pk>/"
_OFFER = "<slug:producer>/<slug:market>/<staff_date:date>/"

urlpatterns = [
    path("", home.producer_home, name="producer-home"),
    path(_SHEETS, sheet.sheets, name="sheets"),
    path(f"{_SHEETS}nouveau/", sheet.sheet_new, name="sheet-new"),
    path(_SHEET, sheet.sheet, name="sheet"),
    path(f"{_SHEET}genre/", sheet.sheet_kind, name="sheet-kind"),
    path(f"{_SHEET}archiver/", sheet.sheet_archive, name="sheet-archive"),
    path(f"{_SHEET}reprendre/", sheet.sheet_restore, name="sheet-restore"),
    path(_OFFER, offer.offer, name="offer"),
    path(f"{_OFFER}reserve.json", offer.offer_live, name="offer-live"),
    path(f"{_OFFER}comme-la-derniere-fois/", offer.offer_repeat, name="offer-repeat"),
]
