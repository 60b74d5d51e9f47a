"""A producer's account: made once, asked about, left and begun anew."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from dev.fakestripe import FakeStripe
from marche.markets.models import Market
from marche.payments.accounts import accounts_for, accounts_of
from marche.payments.actions.onboarding_link import onboarding_link
from marche.payments.actions.open_account import open_account
from marche.payments.actions.refresh_account import refresh_account
from marche.payments.actions.refresh_accounts import refresh_accounts
from marche.payments.models import Account
from marche.payments.models.accounts import AccountState
from marche.payments.refusals import KeyRefusedError, NoTillError, RefusedError, UnreachableError
from marche.payments.tasks import refresh_all_accounts
from producers.models import Producer
from tests.stripe import TILL

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(stripe: FakeStripe, farm: Producer) -> Account:
    return open_account(farm.pk, till_name=TILL)


def at_stripe(stripe: FakeStripe) -> list[str]:
    return [row["id"] for row in stripe.state()["accounts"]]


def test_an_account_is_made_in_france_for_transfers_and_is_to_be_completed(
    stripe: FakeStripe, account: Account
) -> None:
    [made] = stripe.state()["accounts"]

    assert (account.stripe_id, account.country, account.state) == (made["id"], "FR", AccountState.TO_COMPLETE)
    assert "external_account" in account.due
    assert list(made["capabilities"]) == ["transfers"]
    assert made["email"] == "ferme-du-ru@example.org"
    assert (made["type"], made["controller"]["losses"]) == ("express", {"payments": "application"})
    assert made["settings"]["payouts"]["schedule"]["interval"] == "weekly"


def test_asked_for_again_it_is_the_same_account(stripe: FakeStripe, account: Account, farm: Producer) -> None:
    assert open_account(farm.pk, till_name=TILL) == account
    assert at_stripe(stripe) == [account.stripe_id]


def test_an_answer_that_was_lost_is_found_again(stripe: FakeStripe, farm: Producer) -> None:
    stripe.fault("reset", path="accounts", method="POST")
    with pytest.raises(UnreachableError):
        open_account(farm.pk, till_name=TILL)
    assert Account.objects.get().stripe_id == ""

    assert [open_account(farm.pk, till_name=TILL).stripe_id] == at_stripe(stripe)


def test_an_answer_that_was_lost_does_not_bind_to_an_address_that_has_changed(
    stripe: FakeStripe, farm: Producer
) -> None:
    stripe.fault("reset", path="accounts", method="POST")
    with pytest.raises(UnreachableError):
        open_account(farm.pk, till_name=TILL)
    farm.email = "nouvelle@example.org"
    farm.save()

    account = open_account(farm.pk, till_name=TILL)

    assert account.stripe_id == at_stripe(stripe)[-1]
    assert stripe.state()["accounts"][-1]["email"] == "nouvelle@example.org"


def test_what_stripe_refuses_can_be_put_right(stripe: FakeStripe, farm: Producer) -> None:
    Producer.objects.update(email="sans-arobase")
    with pytest.raises(RefusedError):
        open_account(farm.pk, till_name=TILL)
    Producer.objects.update(email="ferme@example.org")

    assert open_account(farm.pk, till_name=TILL).stripe_id


def test_without_a_key_nothing_is_written(farm: Producer, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEYS = {}

    with pytest.raises(NoTillError):
        open_account(farm.pk, till_name=TILL)
    assert not Account.objects.exists()


def test_the_link_leads_to_stripes_own_pages(stripe: FakeStripe, account: Account) -> None:
    link = onboarding_link(account.pk, refresh_url="https://marche.test/encore", return_url="https://marche.test/")

    assert link.startswith(f"{stripe.url}/setup/e/")


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("activate", AccountState.ACTIVE),
        ("review", AccountState.IN_REVIEW),
        ("restrict", AccountState.TO_COMPLETE),
        ("deauthorize", AccountState.LEFT),
    ],
)
def test_what_stripe_decides_is_read(stripe: FakeStripe, account: Account, verb: str, state: AccountState) -> None:
    getattr(stripe, verb)(account.stripe_id)

    assert refresh_account(account.pk).state is state
    assert Account.objects.get().state is state


def test_an_account_that_was_active_and_is_stopped_is_restricted(stripe: FakeStripe, account: Account) -> None:
    stripe.activate(account.stripe_id)
    stripe.restrict(account.stripe_id)

    seen = refresh_account(account.pk)

    assert (seen.state, seen.can_be_paid) == (AccountState.RESTRICTED, False)
    assert (seen.due, seen.disabled_reason) == (["individual.verification.document"], "requirements.past_due")


def test_an_account_in_another_country_cannot_be_paid(stripe: FakeStripe, account: Account) -> None:
    stripe.activate(account.stripe_id)
    stripe.books.get("account", account.stripe_id)["country"] = "BE"

    assert refresh_account(account.pk).state is AccountState.FOREIGN
    assert not Account.objects.payable(TILL).exists()


def test_one_that_has_left_is_begun_anew(stripe: FakeStripe, account: Account, farm: Producer) -> None:
    stripe.deauthorize(account.stripe_id)
    refresh_account(account.pk)

    again = open_account(farm.pk, till_name=TILL)

    assert (again.pk, again.state) == (account.pk, AccountState.TO_COMPLETE)
    assert again.stripe_id != account.stripe_id
    assert len(at_stripe(stripe)) == 2


def test_an_answer_to_an_older_question_does_not_undo_a_newer_one(stripe: FakeStripe, account: Account) -> None:
    newer = account.checked_at + dt.timedelta(minutes=1)  # type: ignore[operator]
    Account.objects.update(transfers="active", checked_at=newer)

    assert refresh_account(account.pk).state is AccountState.ACTIVE


def test_a_stripe_that_does_not_answer_changes_nothing(stripe: FakeStripe, account: Account) -> None:
    stripe.activate(account.stripe_id)
    stripe.fault("error", path="accounts/", times=9)

    with pytest.raises(UnreachableError):
        refresh_account(account.pk, patient=False)
    assert Account.objects.get().state is AccountState.TO_COMPLETE


def test_all_accounts_are_read_those_that_left_too(stripe: FakeStripe, account: Account, rucher: Producer) -> None:
    """While a wrong key stood in the settings, all seemed to have left."""
    Account.objects.update(left_at=account.checked_at)
    other = open_account(rucher.pk, till_name=TILL)
    for one in (account, other):
        stripe.activate(one.stripe_id)

    assert refresh_accounts(TILL) == 2
    assert Account.objects.payable(TILL).count() == 2


def test_a_till_without_a_good_key_does_not_stop_the_others(
    stripe: FakeStripe, account: Account, rucher: Producer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    stripe.activate(account.stripe_id)
    Account.objects.create(producer=rucher, till="clermont", key="k", stripe_id="acct_1")
    settings.STRIPE_SECRET_KEYS = {"clermont": "nonsense", **settings.STRIPE_SECRET_KEYS}

    refresh_all_accounts()

    assert Account.objects.get(till=TILL).can_be_paid
    assert "of the till clermont: NoTillError no-till" in caplog.text


def test_the_log_holds_neither_the_key_nor_stripes_words(
    stripe: FakeStripe, account: Account, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    stripe.fault("error", path="accounts/", times=9, status=401)

    refresh_all_accounts()

    assert "KeyRefusedError" in caplog.text
    assert settings.STRIPE_SECRET_KEYS[TILL] not in caplog.text


def test_a_manager_sees_every_producer_in_walking_order(
    stripe: FakeStripe, market: Market, account: Account, rucher: Producer,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    stripe.activate(account.stripe_id)
    refresh_account(account.pk)

    with django_assert_num_queries(2):
        seen = [(one.stall_number, one.producer.name, one.state) for one in accounts_of(market)]

    assert seen == [(1, "La Ferme du Ru", AccountState.ACTIVE), (2, "Le Rucher d’Hodenc", None)]


def test_a_producer_has_one_account_for_the_markets_of_one_till(
    market: Market, farm: Producer, stripe: FakeStripe
) -> None:
    for name, till in (("sud", TILL), ("nord", "nord"), ("gare", "")):
        other = Market.objects.get(pk=market.pk)
        other.pk, other.name, other.slug, other.till = None, name, name, till
        other.save()
        other.stalls.create(partner=farm.partner, number=7)

    tills = {one.till: ([each.slug for each in one.markets], one.is_open) for one in accounts_for(farm)}

    assert tills == {TILL: (["beauvais", "sud"], True), "nord": (["nord"], False)}


def test_every_state_has_its_words(farm: Producer) -> None:
    told = set()
    for changes in (
        {}, {"details_submitted": True}, {"details_submitted": True, "due": ["external_account"]},
        {"transfers": "active"}, {"transfers": "active", "due": ["external_account"]}, {"country": "BE"},
        {"left_at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC)}, {"stripe_id": ""},
    ):  # fmt: skip
        Account.objects.all().delete()
        values = {"producer": farm, "till": TILL, "stripe_id": "acct_1", "key": "k", **changes}
        Account.objects.create(**values)
        [own], [managed] = accounts_for(farm), accounts_of(farm.partner.stalls.get().market)
        told |= {own.sentence, managed.sentence}
        assert own.badge.text == managed.badge.text

    assert len(told) == 15  # an account abroad is told alike


def test_a_refused_key_is_told_apart_from_an_account_that_left(stripe: FakeStripe, account: Account) -> None:
    stripe.fault("error", path="accounts/", status=401)

    with pytest.raises(KeyRefusedError):
        refresh_account(account.pk)
    assert Account.objects.get().left_at is None
