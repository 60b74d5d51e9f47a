"""What Stripe and our books know differently, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from marche.common.wording import euros


def difference_words(row: dict[str, Any]) -> str:
    """ "Refund re_123: 3.00 € at Stripe, nothing here"."""
    amounts = {"stripe": euros(row["stripe_cents"]), "ours": euros(row["our_cents"])}
    sentence = {
        "unknown": _("%(what)s %(id)s: %(stripe)s at Stripe, nothing here"),
        "missing": _("%(what)s %(id)s: nothing at Stripe, %(ours)s here"),
        "other": _("%(what)s %(id)s: %(stripe)s at Stripe, %(ours)s here"),
    }[row["what"]]
    what = {
        "payment": _("Payment"),
        "refund": _("Refund"),
        "transfer": _("Transfer to a producer"),
        "reversal": _("Taking back from a producer"),
    }[row["of"]]
    return sentence % {"what": what, "id": row["stripe_id"], **amounts}
