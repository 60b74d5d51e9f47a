"""Kinds of goods, allergens, labels and species: the closed lists that the law and the market need.

A kind is the slug of one of Oscar's product classes (see migrations/0004_kinds_and_vat_rates.py).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GoodsKind(models.TextChoices):
    FRUIT_VEGETABLES = "fruit-vegetables", _("Fruit and vegetables")
    MEAT = "meat", _("Meat")
    POULTRY = "poultry", _("Poultry")
    CHARCUTERIE = "charcuterie", _("Charcuterie")
    EGGS = "eggs", _("Eggs")
    DAIRY = "dairy", _("Dairy")
    CHEESE = "cheese", _("Cheese")
    BREAD = "bread", _("Bread and pastry")
    HONEY = "honey", _("Honey")
    FISH = "fish", _("Fish")
    PREPARED = "prepared", _("Prepared food")
    DRY_GOODS = "dry-goods", _("Pantry")
    DRINKS = "drinks", _("Drinks")
    ALCOHOL = "alcohol", _("Beer, cider and wine")
    READY_TO_EAT = "ready-to-eat", _("To eat right away")
    PLANTS = "plants", _("Plants and flowers")
    NON_FOOD = "non-food", _("Not food")


class Allergen(models.TextChoices):
    """The fourteen of annex II of regulation (EU) 1169/2011."""

    GLUTEN = "gluten", _("cereals containing gluten")
    CRUSTACEANS = "crustaceans", _("crustaceans")
    EGGS = "eggs", _("eggs")
    FISH = "fish", _("fish")
    PEANUTS = "peanuts", _("peanuts")
    SOYBEANS = "soybeans", _("soybeans")
    MILK = "milk", _("milk")
    NUTS = "nuts", _("nuts")
    CELERY = "celery", _("celery")
    MUSTARD = "mustard", _("mustard")
    SESAME = "sesame", _("sesame")
    SULPHITES = "sulphites", _("sulphites")
    LUPIN = "lupin", _("lupin")
    MOLLUSCS = "molluscs", _("molluscs")


class Label(models.TextChoices):
    ORGANIC = "organic", _("organic (AB)")
    LABEL_ROUGE = "label-rouge", _("Label Rouge")
    AOP = "aop", _("AOP")
    IGP = "igp", _("IGP")
    HVE = "hve", _("high environmental value")
    FARM = "farm", _("farm made")


class Species(models.TextChoices):
    """The fruit and vegetables whose marketing standard fixes what must be said (regulation (EU) 2023/2429)."""

    APPLE = "apple", _("apple")
    PEAR = "pear", _("pear")
    CITRUS = "citrus", _("citrus fruit")
    KIWI = "kiwi", _("kiwi")
    LETTUCE = "lettuce", _("lettuce and endive")
    PEACH = "peach", _("peach or nectarine")
    STRAWBERRY = "strawberry", _("strawberry")
    PEPPER = "pepper", _("sweet pepper")
    GRAPE = "grape", _("table grape")
    TOMATO = "tomato", _("tomato")
    OTHER = "other", _("another fruit or vegetable")


class MilkTreatment(models.TextChoices):
    RAW = "raw", _("raw milk")
    THERMISED = "thermised", _("thermised milk")
    PASTEURISED = "pasteurised", _("pasteurised milk")


class PaymentMeans(models.TextChoices):
    """With what one pays at a stall."""

    CASH = "cash", _("cash")
    CHEQUE = "cheque", _("cheque")
    CARD = "card", _("card")


class Drawing(models.TextChoices):
    """The drawings of static/marche/drawings/sprite.svg, shown where a producer gives no photograph."""

    VEGETABLES = "vegetables", _("vegetables")
    ROOTS = "roots", _("roots")
    SALAD = "salad", _("salad")
    HERBS = "herbs", _("herbs")
    FRUIT = "fruit", _("fruit")
    APPLE = "apple", _("apple")
    BERRIES = "berries", _("berries")
    MUSHROOM = "mushroom", _("mushroom")
    POULTRY = "poultry", _("poultry")
    EGGS = "eggs", _("eggs")
    MEAT = "meat", _("meat")
    CHARCUTERIE = "charcuterie", _("charcuterie")
    CHEESE = "cheese", _("cheese")
    MILK = "milk", _("milk")
    BREAD = "bread", _("bread")
    FLOUR = "flour", _("flour")
    HONEY = "honey", _("honey")
    JAR = "jar", _("jar")
    BEANS = "beans", _("beans")
    BOTTLE = "bottle", _("bottle")
    BEER = "beer", _("beer")
    CANDLE = "candle", _("candle")
