"""What is kept about somebody signed in: to read, to take away, and to have erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marche.common.downloads import CSV, JSON, XLSX, file_response
from marche.common.refusals import Refused
from orders.actions.erase_resident import erase_resident
from orders.documents.my_data import my_data_json, my_orders_table
from orders.documents.spreadsheet import table_csv, workbook
from orders.owned import pickup_ids_of, proven_addresses
from orders.resident.forms_erase import EraseForm
from orders.resident.views.guard import for_residents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User

    from marche.common.refusals import Problem


@require_safe
@for_residents
def my_data(request: HttpRequest, user: User) -> HttpResponse:
    return _page(request, user, EraseForm())


@require_safe
@for_residents
def as_json(request: HttpRequest, user: User) -> HttpResponse:
    return file_response(my_data_json(user), "mes-donnees.json", JSON)


@require_safe
@for_residents
def as_csv(request: HttpRequest, user: User) -> HttpResponse:
    return file_response(table_csv(my_orders_table(user)), "mes-commandes.csv", CSV)


@require_safe
@for_residents
def as_xlsx(request: HttpRequest, user: User) -> HttpResponse:
    table = my_orders_table(user)
    return file_response(workbook([table], table.title), "mes-commandes.xlsx", XLSX)


@require_POST
@for_residents
def erase(request: HttpRequest, user: User) -> HttpResponse:
    """Erase, once the word was typed; what stands in the way is said, and nothing was erased then."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, user, form, status=422)
    try:
        erase_resident(user.pk)
    except Refused as refusal:
        return _page(request, user, EraseForm(), refusal.problems, status=409)
    logout(request)
    messages.success(request, _("Your data are erased, and you are signed out. Thank you for having come."))
    return redirect("page", "donnees-personnelles")


def _page(
    request: HttpRequest, user: User, form: EraseForm, problems: Sequence[Problem] = (), status: int = 200
) -> HttpResponse:
    context = {
        "area": "data",
        "addresses": sorted(proven_addresses(user)) or [user.email],
        "count": len(pickup_ids_of(user)),
        "form": form,
        "problems": problems,
    }
    return render(request, "orders/resident/account/my_data.html", context, status=status)
