"""Two producers may bear one name, and be of one town: what tells them apart where they stand in one list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from stdnum.fr import siret

from producers.models import Producer


def told_apart(producers: Iterable[Producer]) -> dict[int, str]:
    """The names of these producers by primary key; of namesakes with their town, SIRET or address on the site."""
    everybody = list(producers)
    names = {producer.pk: producer.name for producer in everybody}
    for more in (_town, _siret, _slug):
        counts = Counter(names.values())
        for producer in everybody:
            if counts[names[producer.pk]] > 1:
                names[producer.pk] = _("%(name)s (%(more)s)") % {"name": producer.name, "more": more(producer)}
    return names


def _town(producer: Producer) -> str:
    return producer.town


def _siret(producer: Producer) -> str:
    return _("SIRET %(number)s") % {"number": siret.format(producer.siret)}


def _slug(producer: Producer) -> str:
    return producer.slug
