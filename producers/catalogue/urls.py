"""What residents see before they order: markets, days, products and producers."""

from django.urls import path, register_converter

from marche.common.converters import DateConverter
from producers.catalogue.views import day, home, producer, product

register_converter(DateConverter, "date")

urlpatterns = [
    path("", home.home, name="home"),
    path("marches/<slug:market>/", home.market, name="market"),
    path("marches/<slug:market>/<date:date>/", day.day, name="day"),
    path("marches/<slug:market>/<date:date>/<int:listing>/", product.product, name="product"),
    path("producteurs/<slug:producer>/", producer.producer, name="producer"),
]
