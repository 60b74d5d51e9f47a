"""A producer writes, or rewrites, a product and its sheet."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from marche.common.refusals import Refused
from marche.shop.oscar import Product, ProductClass, StockRecord
from producers.kinds import GoodsKind
from producers.locks import lock_producer
from producers.models import Producer, ProductSheet
from producers.offers import follow_sheet


def save_sheet(sheet_id: int | None, *, producer: Producer, title: str, kind: GoodsKind, **fields: Any) -> ProductSheet:
    """Make a new product (`sheet_id` is None) or change one. An incomplete sheet is kept: it only can't be on sale.

    Raises Refused when fields contradict each other, and ProductSheet.DoesNotExist for a sheet of somebody
    else. What becomes of the coming offers of a changed product is told in producers/offers.py, follow_sheet.
    """
    with transaction.atomic(durable=True):
        lock_producer(producer)
        product_class = ProductClass.objects.get(slug=kind)
        if sheet_id is None:
            product = Product.objects.create(title=title, product_class=product_class)
            # Oscar's basket lines point at a stock record; it holds no stock of ours.
            StockRecord.objects.create(product=product, partner=producer.partner, partner_sku=f"P{product.pk}")
            sheet = ProductSheet(product=product, producer=producer)
        else:
            sheet = ProductSheet.objects.of(producer).with_related().get(pk=sheet_id)
            sheet.product.title, sheet.product.product_class = title, product_class
            sheet.product.save(update_fields=["title", "product_class"])
        for name, value in fields.items():
            setattr(sheet, name, value)
        _check(sheet)
        if sheet._state.adding:
            sheet.save(force_insert=True)
        else:
            sheet.save(update_fields=[*fields, "sort_key", "search_text"])
        follow_sheet(sheet)
    return sheet


def _check(sheet: ProductSheet) -> None:
    try:
        sheet.clean()
    except ValidationError as error:
        raise Refused.of(error) from error
