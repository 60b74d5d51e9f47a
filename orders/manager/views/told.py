"""Tell the manager how the resident learns of it: by a mail that leaves, or by a call that somebody must make."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from marche.common.telephone import phone_on_a_line
from orders.models import Pickup


def say_how_told(request: HttpRequest, pickup: Pickup) -> None:
    """Add a message about it to the next page."""
    if pickup.email:
        messages.info(request, _("An e-mail is being sent to %(email)s.") % {"email": pickup.email})
        return
    words = {"name": pickup.name, "phone": phone_on_a_line(pickup.phone)}
    messages.warning(request, _("%(name)s has no e-mail address: only a call tells it. Telephone: %(phone)s.") % words)
