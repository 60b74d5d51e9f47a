"""From the basket to the ticket: slot and contact, then everything on one page, then the button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from marche.common.flash import refuse_form
from marche.common.mail_question import question_about, with_answer
from marche.common.refusals import Problem, Refused
from orders.actions.keep_contact import keep_contact
from orders.actions.place_order import place_order
from orders.models import DayBasket, Pickup
from orders.owned import last_contact
from orders.presenters.basket import contents_of
from orders.presenters.card_choice import online_of
from orders.presenters.seen import Shown
from orders.refusals import day_problem
from orders.resident.forms import CHOICES_IN_WORDS, ContactForm
from orders.resident.views.payment import to_stripe
from orders.resident.visitors import basket_or_404, open_baskets

CARD = "card"  # the value of the choice to pay on the site


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """To the basket touched last of those whose day takes orders."""
    baskets = [basket for basket in open_baskets(request) if basket.day.is_open]
    return redirect("contact", baskets[0].pk) if baskets else redirect("basket")


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, basket_id: int) -> HttpResponse:
    """Slot, name, e-mail or telephone, and what to do when something is missing. What was typed is kept."""
    basket = basket_or_404(request, basket_id)
    if not basket.open:
        return _to_ticket(basket)
    if not basket.day.is_open:
        return _closed(request, basket)
    contents = contents_of(basket)
    if contents.is_empty:
        return redirect("basket")
    known = basket.email  # before the form writes into it
    form = ContactForm(with_answer(request.POST) or None, instance=basket, initial=_known_contact(request, basket))
    is_right = request.method == "POST" and form.is_valid()
    question = question_about(form.cleaned_data.get("email", ""), request.POST, {known}) if form.is_bound else None
    if is_right and not question and _keep(basket, form):
        return redirect("verify", basket.pk)  # which leads to the ticket if it was ordered meanwhile
    context = {
        "basket": basket,
        "contents": contents,
        "form": form,
        "question": question,
        "slots": basket.day.slots.all(),
        "shortages": [(choice, CHOICES_IN_WORDS[choice]) for choice in CHOICES_IN_WORDS],
    }
    return render(request, "orders/resident/contact.html", context, status=422 if form.errors else 200)


def _keep(basket: DayBasket, form: ContactForm) -> bool:
    """False when the slot went in this very moment: it is said at its field."""
    try:
        keep_contact(basket.pk, values=form.cleaned_data | {"language": translation.get_language()})
    except Refused as refusal:
        refuse_form(form, refusal, "slot")
        return False
    return True


@require_GET
def verify(request: HttpRequest, basket_id: int) -> HttpResponse:
    """Everything by seller, and the button (Code de la consommation, art. L221-14)."""
    basket = basket_or_404(request, basket_id)
    if not basket.open:
        return _to_ticket(basket)
    if not basket.day.is_open:
        return _closed(request, basket)
    if not (basket.slot_id and basket.name):
        return redirect("contact", basket.pk)
    return _verify_page(request, basket)


@require_POST
def place(request: HttpRequest, basket_id: int) -> HttpResponse:
    """Place the order, or say what stands in the way; a second click finds the order of the first.

    One that is paid by card waits for it, and the resident goes to pay.
    """
    basket = basket_or_404(request, basket_id)
    by_card = request.POST.get("pay") == CARD
    try:
        pickup = place_order(
            basket.pk,
            shown=Shown.read(request.POST.get("shown", "")),
            terms_version=settings.TERMS_VERSION,
            account_id=request.user.pk,  # None for a guest
            card_cents=_cents(request, "card") if by_card else None,
        )
    except Refused as refusal:
        return _verify_page(request, basket_or_404(request, basket_id), refusal.problems)
    except Pickup.DoesNotExist:  # it was forgotten in this very moment
        raise Http404 from None
    return to_stripe(request, pickup) if pickup.is_pending else redirect(pickup)


def _cents(request: HttpRequest, name: str) -> int:
    """The cents that stood on the page; -1 for what can't be."""
    shown = request.POST.get(name, "")
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else -1


def _verify_page(request: HttpRequest, basket: DayBasket, problems: Sequence[Problem] = ()) -> HttpResponse:
    contents = contents_of(basket)
    codes = {problem.code for problem in problems}
    context = {
        "basket": basket,
        "contents": contents,
        "problems": problems,
        "can_fit": codes & {"too-few", "sold-out", "gone", "no-rate"},
        "can_choose_slot": codes & {"slot-full", "no-slot"},
        "shown": Shown.of(basket, contents.items).write(),
        "online": online_of(basket.day, contents.groups) if contents.groups else None,
        "pay": request.POST.get("pay", ""),
        "can_order": basket.day.is_open and "day-full" not in codes and contents.groups and not contents.problems,
    }
    return render(request, "orders/resident/verify.html", context, status=409 if problems else 200)


def _known_contact(request: HttpRequest, basket: DayBasket) -> dict[str, Any] | None:
    """What somebody signed in gave with the last order, while the basket has no contact yet."""
    if not request.user.is_authenticated or basket.name or basket.email or basket.phone:
        return None
    return last_contact(request.user)


def _closed(request: HttpRequest, basket: DayBasket) -> HttpResponse:
    """To the basket, which says that its day takes no orders and what is left to do; what was typed is kept with it."""
    form = ContactForm(request.POST or None, instance=basket)
    if form.is_bound:
        form.is_valid()  # what is wrong is asked for again when it is ordered for another day
        keep_contact(basket.pk, values=form.cleaned_data | {"language": translation.get_language()})
        messages.warning(request, " ".join((day_problem(basket.day).sentence, _("What you typed is kept."))))
    return redirect(f"{reverse('basket')}#closed-{basket.pk}")


def _to_ticket(basket: DayBasket) -> HttpResponse:
    return redirect(Pickup.objects.get(basket=basket))
