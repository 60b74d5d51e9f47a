"""The state of a producer's account, in words for the producer and for the manager."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marche.payments.models.accounts import AccountState

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from marche.payments.models import Account


class Badge(NamedTuple):
    """For components/badge.html."""

    text: str
    kind: str


# What Stripe calls its requirements (https://docs.stripe.com/api/accounts/object#account_object-requirements), the
# first pattern that fits; several of them may be one thing for who has to give it.
_WANTED: tuple[tuple[str, StrPromise], ...] = (
    (r"verification", gettext_lazy("an identity document")),
    (r"^external_account", gettext_lazy("the bank account to which you are paid")),
    (r"^tos_acceptance|service_agreement", gettext_lazy("your agreement to Stripe’s terms of service")),
    (r"^business_(profile|type)", gettext_lazy("what your business is and does")),
    (r"\.dob\b", gettext_lazy("your date of birth")),
    (r"_name", gettext_lazy("your name")),
    (r"\.address\b", gettext_lazy("your address")),
    (r"\.phone$", gettext_lazy("your telephone number")),
    (r"\.email$", gettext_lazy("your e-mail address")),
    (r"tax_id|registration_number", gettext_lazy("the SIREN number of your business")),
)


def wanted(due: list[str]) -> list[str]:
    """Stripe's requirements in plain words, each once; one that we do not know stays as it is."""
    return list(dict.fromkeys(_in_words(name) for name in due))


def _in_words(name: str) -> str:
    return next((str(text) for pattern, text in _WANTED if re.search(pattern, name)), name)


def badge(state: AccountState | None) -> Badge:
    """None stands for no account."""
    return {
        None: Badge(_("No account"), "out"),
        AccountState.TO_COMPLETE: Badge(_("To be completed"), "few"),
        AccountState.IN_REVIEW: Badge(_("Being checked by Stripe"), "few"),
        AccountState.ACTIVE: Badge(_("Active"), "good"),
        AccountState.RESTRICTED: Badge(_("Stopped by Stripe"), "bad"),
        AccountState.FOREIGN: Badge(_("Not in France"), "bad"),
        AccountState.LEFT: Badge(_("Disconnected"), "bad"),
    }[state]


def for_producer(state: AccountState | None, account: Account | None) -> str:
    """Where the account is, and what to do next."""
    if state is AccountState.ACTIVE and account and account.due:
        return _("You are paid. Stripe wants more answers from you: give them soon, or it will stop the payments.")
    return {
        None: _("You have no account yet: your products are paid at your stall only."),
        AccountState.TO_COMPLETE: _(
            "Stripe still wants answers from you. Until then, your products are paid at your stall only."
        ),
        AccountState.IN_REVIEW: _(
            "You have nothing to do: Stripe is checking your answers. Until then, your products are paid at your stall "
            "only."
        ),
        AccountState.ACTIVE: _(
            "Residents can pay you by card. Stripe sends what is yours to your bank each Monday."
        ),
        AccountState.RESTRICTED: _(
            "Stripe has stopped the payments to you. Answer its questions; until then, your products are paid at your "
            "stall only."
        ),
        AccountState.FOREIGN: _foreign(account),
        AccountState.LEFT: _(
            "This account is disconnected from the market: nothing can be paid to it. Create another one to be paid by "
            "card again."
        ),
    }[state]  # fmt: skip


def for_manager(state: AccountState | None, account: Account | None) -> str:
    """The same, to the manager, who can only ask the producer."""
    if state is AccountState.ACTIVE and account and account.due:
        return _("Can be paid. Stripe wants more answers from the producer, or it will stop the payments.")
    return {
        None: _("Has not created an account: paid at the stall."),
        AccountState.TO_COMPLETE: _("Has not answered all of Stripe’s questions: paid at the stall."),
        AccountState.IN_REVIEW: _("Stripe is checking the answers: paid at the stall until then."),
        AccountState.ACTIVE: _("Can be paid by card."),
        AccountState.RESTRICTED: _("Stripe has stopped the payments until the producer answers: paid at the stall."),
        AccountState.FOREIGN: _foreign(account),
        AccountState.LEFT: _("The account is disconnected from the market: paid at the stall."),
    }[state]


def _foreign(account: Account | None) -> str:
    said = _(
        "This account is in another country (%(country)s): only accounts in France can be paid. Until there is one, "
        "everything is paid at the stall."
    )
    return said % {"country": account.country if account else "?"}


def action(state: AccountState | None, account: Account | None) -> str:
    """What the button says that leads the producer to Stripe; empty when there is nothing to do there."""
    if state is None:
        return _("Create my payment account")
    if state is AccountState.LEFT:
        return _("Create another payment account")
    asked = state in (AccountState.TO_COMPLETE, AccountState.RESTRICTED) or (account is not None and account.due)
    return _("Continue at Stripe") if asked and state is not AccountState.FOREIGN else ""
