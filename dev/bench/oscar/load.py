"""`python -m dev.bench.oscar.load < goods.json`: our goods as Oscar's products; says on standard output where they are.

Each kind is a category, each producer a partner, each product has one stock record with the same price and far more
stock than is ordered. France is the country of delivery, and delivery is free.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import django
from django.db import transaction

from dev.bench import SEARCHED


def main() -> None:
    django.setup()
    json.dump(load(json.load(sys.stdin)), sys.stdout)


def load(goods: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Make them, in one transaction. Returns the addresses of all products and of the fullest category, and how many
    a search finds."""
    from oscar.apps.catalogue.categories import create_from_breadcrumbs
    from oscar.core.loading import get_model

    with transaction.atomic():
        get_model("address", "Country").objects.create(
            iso_3166_1_a2="FR", iso_3166_1_a3="FRA", printable_name="France", name="France", is_shipping_country=True
        )
        goods_class = get_model("catalogue", "ProductClass").objects.create(name="Goods")
        categories = {kind: create_from_breadcrumbs(kind) for kind in sorted({row["kind"] for row in goods})}
        partner_of = get_model("partner", "Partner").objects.create
        partners = {name: partner_of(name=name) for name in sorted({row["producer"] for row in goods})}
        products = []
        for number, row in enumerate(goods):
            product = goods_class.products.create(title=row["title"], description=row["description"])
            product.categories.add(categories[row["kind"]])
            price = Decimal(row["price_cents"]) / 100
            product.stockrecords.create(
                partner=partners[row["producer"]], partner_sku=f"P{number}", price=price, num_in_stock=1_000_000
            )
            products.append(product)
    kinds = [row["kind"] for row in goods]
    fullest = categories[max(kinds, key=kinds.count)]
    return {
        "products": [product.get_absolute_url() for product in products],
        "category": fullest.get_absolute_url(),
        "found": sum(SEARCHED in f"{row['title']} {row['description']}".lower() for row in goods),
    }


if __name__ == "__main__":
    main()
