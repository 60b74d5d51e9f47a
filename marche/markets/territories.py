"""Which VAT a market's goods are under: by where it is, and not by its clock."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# CGI, article 294: VAT is not applicable in Guyane and Mayotte. The collectivities of overseas (Saint-Barthélemy,
# Saint-Martin, Saint-Pierre-et-Miquelon, those of the Pacific) are no part of its territory (BOI-TVA-CHAMP-20-10).
WITHOUT = ("973", "976", "97133", "97150", "975", "986", "987", "988")
OVERSEAS = ("971", "972", "974")  # CGI, article 296


class Territory(models.TextChoices):
    """Each has its rates. Corsica counts as metropolitan: its own rates (CGI, article 297) are not known here."""

    METROPOLITAN = "metropolitan", gettext_lazy("metropolitan France")
    OVERSEAS = "overseas", gettext_lazy("Guadeloupe, Martinique, La Réunion")
    NONE = "none", gettext_lazy("Guyane, Mayotte and other places without VAT")


def territory_of(postcode: str) -> Territory:
    if postcode.startswith(WITHOUT):
        return Territory.NONE
    return Territory.OVERSEAS if postcode.startswith(OVERSEAS) else Territory.METROPOLITAN


def check_territory(postcode: str, territory: str) -> None:
    """Raise ValidationError where VAT does not go by this territory."""
    right = territory_of(postcode)
    if right != territory:
        sentence = _("At postcode %(postcode)s the VAT territory is “%(territory)s”: an administrator changes it.")
        raise ValidationError(sentence % {"postcode": postcode, "territory": right.label})
