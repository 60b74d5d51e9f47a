"""What the form of a product sheet asks, and why, in plain words. Sources of each rule: producers/legal.py."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "title": _("Name of the product"),
    "description": _("In a sentence or two"),
    "unit": _("Sold"),
    "net_grams": _("Net weight, in grams"),
    "net_millilitres": _("Net volume, in millilitres"),
    "pieces": _("Number of pieces"),
    "step_grams": _("Sold in steps of, in grams"),
    "min_grams": _("Smallest piece, in grams"),
    "expected_grams": _("Usual piece, in grams"),
    "max_grams": _("Largest piece, in grams"),
    "months": _("Months when you have it"),
    "labels": _("Labels"),
    "prepacked": _("I sell it already packed and labelled"),
    "allergens": _("Allergens in it"),
    "no_allergens": _("None of these fourteen"),
    "milk_treatment": _("Milk"),
}

HELP = {
    "title": _("As you would write it on the slate."),
    "description": _("What a regular customer would say of it."),
    "drawing": _("Shown where there is no photograph."),
    "unit": _(
        "By weight: the resident chooses how many times a step, such as 500 g of carrots. "
        "Weighed piece: each has its own weight, such as a chicken, and the price is settled when you weigh it."
    ),
    "net_grams": _("500 for a jar of 500 g. The law wants the price per kilogram beside the price."),
    "net_millilitres": _("750 for a bottle of 75 cl. The law wants the price per litre beside the price."),
    "pieces": _("6 for a box of six eggs."),
    "step_grams": _("500 for 500 g: a resident then orders 500 g, 1 kg, 1.5 kg…"),
    "expected_grams": _("The price shown when ordering is worked out from it."),
    "max_grams": _("Nobody ever pays for more than this."),
    "months": _("Out of its months the product waits, folded, below your offer. None ticked means all year."),
    "labels": _("Only those for which you hold the certificate: they are checked."),
    "origin": _("Country, and region if you wish: “Oise, France”. It is shown as large as the price."),
    "species": _("Apples, pears, tomatoes and a few others must also say their category, variety or size."),
    "variety": _("Wanted by law for apples, pears, citrus fruit and grapes."),
    "category": _(
        "Extra, I or II: wanted by law for apples, pears, citrus fruit, kiwis, lettuces, peaches, strawberries, "
        "peppers, grapes and tomatoes."
    ),
    "calibre": _("Wanted by law for citrus fruit, peaches and nectarines: “60/65 mm”."),
    "prepacked": _("Then the law also wants its ingredients, its storage and its net quantity known before ordering."),
    "ingredients": _("From the most to the least, as on your label."),
    "storage": _("How, and how long: “between 0 and 4 °C, 5 days”. Wanted by law when it is prepacked."),
    "allergens": _("The law wants every food to say which of the fourteen it holds, or that it holds none."),
    "no_allergens": _("Tick it only when none of the fourteen is in the product."),
    "alcohol_percent": _("Wanted by law above 1.2 %. Write 5,5 for 5.5 %."),
    "egg_code": _("The code stamped on the shell, such as 1FRABC01: it tells how and where the hens live."),
    "honey_countries": _("All countries of harvest, from the most to the least."),
    "born_in": _("Country of birth of the animal."),
    "raised_in": _("Country where the animal was raised. The law wants it known for all meat."),
    "slaughtered_in": _("Country of slaughter. The law wants it known for all meat."),
    "milk_treatment": _("Raw milk must be said: some people may not eat it."),
    "fishing_method": _("“Caught by line”, “farmed in ponds”…"),
    "fishing_area": _("“North-East Atlantic”, or the country for farmed fish."),
}
