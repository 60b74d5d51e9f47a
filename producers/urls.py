"""What residents see before they order: markets, days, products and producers."""

from django.urls import path, register_converter

from marche.converters import DateConverter
from producers.views import catalogue_day, catalogue_home, catalogue_producer, catalogue_product

register_converter(DateConverter, "date")

urlpatterns = [
    path("", catalogue_home.home, name="home"),
    path("marches/<slug:market>/", catalogue_home.market, name="market"),
    path("marches/<slug:market>/<date:date>/", catalogue_day.day, name="day"),
    path("marches/<slug:market>/<date:date>/<int:listing>/", catalogue_product.product, name="product"),
    path("producteurs/<slug:producer>/", catalogue_producer.producer, name="producer"),
]
