"""A market's habit, and the days made of it so far."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from marche.common.flash import refuse_form
from marche.common.refusals import Refused
from marche.common.wording import day_in_words
from marche.markets.models import Market, MarketDay
from orders.actions.change_market import PLACE, change_market
from orders.manager.forms import MarketForm
from orders.manager.views.guard import for_managers, manager_of
from orders.steps.note_day_change import concerned_by


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def manage_market(request: HttpRequest, market: Market) -> HttpResponse:
    """Show the habit, or save what was typed. Days already made keep their times."""
    days = list(MarketDay.objects.filter(market=market).coming())
    form = MarketForm(request.POST if request.method == "POST" else None, instance=market)
    if request.method == "POST" and form.is_valid():
        try:
            change_market(market.pk, values=form.cleaned_data, by=manager_of(request))
        except Refused as refusal:
            refuse_form(form, refusal)
        else:
            messages.success(request, saved_words(days))
            if {*PLACE} & {*form.changed_data}:
                said = _("Everybody whom the new place concerns gets an e-mail, or is on the list of calls.")
                messages.info(request, said)
            return redirect("manage-market", market.slug)
    held = [day for day in days if day.cancelled_at is None]
    concerned = [(day, whom) for day in held if (whom := concerned_by(day)).residents]
    context = {"area": "settings", "market": market, "form": form, "days": days, "concerned_days": concerned}
    return render(request, "orders/manager/market.html", context, status=422 if form.errors else 200)


def saved_words(days: list[MarketDay]) -> str:
    """That it is saved, and for which days it changes nothing. `days`: those made already, soonest first."""
    if not days:
        return _("The settings are saved. They apply to every day that is made from now on.")
    text = ngettext(
        "The settings are saved. The day already made, %(last)s, keeps its times and places.",
        "The settings are saved. The %(count)d days already made, until %(last)s, keep their times and places.",
        len(days),
    )
    return text % {"count": len(days), "last": day_in_words(days[-1].date)}
