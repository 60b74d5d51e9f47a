"""A resident's account: the coming orders with their tickets, and the past ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders.resident.history import history_of_resident
from orders.resident.views.guard import for_residents

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@require_safe
@for_residents
def account(request: HttpRequest, user: User) -> HttpResponse:
    history = history_of_resident(user, request.GET.get("page"))
    this_year = timezone.localdate().year
    return render(
        request, "orders/resident/account/account.html", {"area": "orders", "history": history, "this_year": this_year}
    )
