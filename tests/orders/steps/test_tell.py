"""Whoever must know is told, once: by mail where there is an address, else by telephone, on the managers' list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.models import User

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox import rendering
from marche.outbox.models import Message
from orders.actions.cancel_day import cancel_day
from orders.actions.cancel_order import cancel_order
from orders.actions.cancel_orders_of_day import cancel_orders_of_day
from orders.actions.cancel_part import cancel_part
from orders.actions.decide_holiday import decide_holiday
from orders.actions.hand_over import hand_over
from orders.actions.prepare_part import prepare_part
from orders.actions.strike_lines import strike_lines
from orders.actions.take_back import take_back
from orders.models import Call, Pickup, ProducerOrder, StrikeReason
from producers.models import Listing
from tests import cast
from tests.cast import farm_part
from tests.orders.manager.people import claire

STORM = "Vent violent"


@pytest.fixture
def lea(carrots: Listing, honey: Listing) -> Pickup:
    return cast.placed_order({carrots: 3, honey: 1})


@pytest.fixture
def odette(carrots: Listing, honey: Listing) -> Pickup:
    """Who gave a telephone number alone."""
    return cast.placed_order({carrots: 1, honey: 1}, **cast.ODETTE)


@pytest.fixture
def manager(day: MarketDay) -> User:
    return claire(day.market)


def line_of(pickup: Pickup) -> int:
    return farm_part(pickup).details.get().pk


def written(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def called() -> list[tuple[int, str]]:
    """Whom the managers are asked to call: (number of the order, about what)."""
    return list(Call.objects.order_by("pk").values_list("pickup__number", "kind"))


def mail_of(kind: str) -> str:
    message = Message.objects.filter(kind=kind).latest("pk")
    message.language = "en"
    mail = rendering.render(message)
    return f"{mail.subject}\n{mail.body}".replace("\xa0", " ")


class TestACancelledDay:
    def test_is_told_to_producers_with_offers_but_no_orders(self, day, carrots, honey):
        cast.placed_order({carrots: 1})
        cancel_day(day.pk, reason=STORM, by=Actor.manager())

        assert written("day-cancelled") == ["ferme-du-ru@example.org", "le-rucher@example.org"]

    def test_is_told_to_a_producer_with_an_offer_and_no_stall(self, day, carrots):
        visitor = cast.producer("Les Vergers de Troussures", "vergers", 7)
        cast.listing(cast.honey(visitor), day)
        cancel_day(day.pk, reason=STORM, by=Actor.manager())

        assert "vergers@example.org" in written("day-cancelled")

    def test_is_told_to_who_has_a_stall_and_offers_nothing_yet(self, day):
        cast.ferme_du_ru(day.market)
        cancel_day(day.pk, reason=STORM, by=Actor.manager())

        assert written("day-cancelled") == ["ferme-du-ru@example.org"]

    def test_is_not_told_to_the_producers_of_another_market(self, day):
        cast.le_rucher(cast.beauvais(slug="clermont", name="Clermont"))
        cancel_day(day.pk, reason=STORM, by=Actor.manager())

        assert written("day-cancelled") == []

    def test_is_told_to_each_resident_once(self, day, lea, odette):
        cancel_day(day.pk, reason=STORM, by=Actor.manager())
        cancel_orders_of_day(day.pk, by=Actor.manager())
        cancel_orders_of_day(day.pk, by=Actor.manager())

        assert written("order-cancelled") == [cast.LEA["email"]]
        assert called() == [(odette.number, "order-cancelled")]

    def test_lists_who_is_to_be_called_before_its_orders_have_followed(self, day, odette):
        cancel_day(day.pk, reason=STORM, by=Actor.manager())

        assert called() == [(odette.number, "order-cancelled")]
        odette.refresh_from_db()
        assert not odette.is_cancelled

    def test_calls_nobody_who_has_collected(self, day, odette, grower, clock):
        clock.move_to(day.starts_at)
        hand_over(farm_part(odette).pk, by=Actor.producer(grower))
        cancel_day(day.pk, reason=STORM, by=Actor.manager())

        assert called() == []

    def test_calls_nobody_who_has_cancelled_before(self, day, odette):
        cancel_order(odette.pk, reason="empêchement", by=Actor.resident())
        cancel_day(day.pk, reason=STORM, by=Actor.manager())

        assert called() == []


class TestARefusedHoliday:
    @pytest.fixture
    def christmas(self, day: MarketDay) -> MarketDay:
        """Found to be a holiday when orders were there already."""
        MarketDay.objects.filter(pk=day.pk).update(holiday="Noël", holiday_decision="pending")
        return day

    def test_is_told_like_any_cancelled_day(self, lea, odette, christmas):
        decide_holiday(christmas.pk, held=False, by=Actor.manager())
        cancel_orders_of_day(christmas.pk, by=Actor.manager())

        assert written("day-cancelled") == ["ferme-du-ru@example.org", "le-rucher@example.org"]
        assert written("order-cancelled") == [cast.LEA["email"]]
        assert called() == [(odette.number, "order-cancelled")]

    def test_says_that_it_is_a_holiday(self, lea, christmas):
        decide_holiday(christmas.pk, held=False, by=Actor.manager())

        assert "Jour férié : Noël" in mail_of("day-cancelled")

    def test_that_is_held_is_told_to_nobody(self, lea, odette, christmas):
        decide_holiday(christmas.pk, held=True, by=Actor.manager())

        assert (written("day-cancelled"), called()) == ([], [])


class TestACancelledOrder:
    def test_by_a_manager_is_told_by_telephone_where_there_is_no_address(self, odette, manager):
        cancel_order(odette.pk, reason="Erreur", by=Actor.manager(manager))

        assert called() == [(odette.number, "order-cancelled")]

    def test_by_its_resident_calls_nobody(self, odette):
        cancel_order(odette.pk, reason="empêchement", by=Actor.resident())

        assert called() == []

    def test_in_part_is_told_by_telephone(self, odette, manager):
        cancel_part(farm_part(odette).pk, reason="Gel", by=Actor.manager(manager))

        assert called() == [(odette.number, "part-cancelled")]

    def test_does_not_claim_that_producers_were_told(self, lea):
        cancel_order(lea.pk, reason="empêchement", by=Actor.resident())

        assert "have been told" not in mail_of("order-cancelled")


class TestLinesTakenOff:
    """By whomever: the producer on the bench or at the stall, or a manager."""

    @pytest.fixture
    def strike(self, manager: User) -> Callable[[Pickup], bool]:
        def struck(pickup: Pickup) -> bool:
            lines = [line_of(pickup)]
            return strike_lines(
                farm_part(pickup).pk, lines=lines, why=StrikeReason.SHORTAGE, reason="Gel", by=Actor.manager(manager)
            )[1]

        return struck

    @pytest.fixture
    def prepare(self, grower: User, clock: time_machine.Traveller, day: MarketDay) -> Callable[..., bool]:
        def prepared(pickup: Pickup, *, off: bool = True) -> bool:
            clock.move_to(cast.CUTOFF)
            struck = {line_of(pickup): StrikeReason.SHORTAGE} if off else {}
            return prepare_part(farm_part(pickup).pk, grams={}, struck=struck, by=Actor.producer(grower))[1]

        return prepared

    @pytest.fixture
    def give(self, grower: User, clock: time_machine.Traveller, day: MarketDay) -> Callable[[Pickup], bool]:
        def given(pickup: Pickup) -> bool:
            clock.move_to(day.starts_at)
            return hand_over(farm_part(pickup).pk, missing=[line_of(pickup)], by=Actor.producer(grower))[1]

        return given

    @pytest.mark.parametrize("by", ["strike", "prepare", "give"])
    @pytest.mark.parametrize("online", [False, True], ids=["to be paid at the stall", "by card"])
    def test_are_told_by_mail(self, lea, by, online, request):
        ProducerOrder.objects.filter(pickup=lea).update(online=online)
        request.getfixturevalue(by)(lea)

        assert written("part-changed") == [cast.LEA["email"]]
        text = mail_of("part-changed")
        assert ("one product was taken off (La Ferme du Ru)" in text) == (by == "strike")
        assert ("The market has taken this off your order" in text) == (by == "strike")
        assert ("one product is missing (La Ferme du Ru)" in text) == (by != "strike")
        assert ("La Ferme du Ru can’t give you this of your order" in text) == (by != "strike")
        assert "Carottes, 1.5 kg" in text

    @pytest.mark.parametrize("by", ["strike", "prepare"])
    def test_are_told_by_telephone_before_the_resident_comes(self, odette, by, request):
        request.getfixturevalue(by)(odette)

        assert called() == [(odette.number, "part-changed")]

    def test_are_told_to_who_stands_at_the_stall_by_the_producer(self, odette, give):
        give(odette)

        assert called() == []

    def test_after_the_resident_has_come_call_nobody(self, odette, strike, grower, day, clock):
        clock.move_to(day.starts_at)
        hand_over(farm_part(odette).pk, by=Actor.producer(grower))
        strike(odette)

        assert called() == []

    def test_twice_are_told_once(self, lea, odette, strike):
        for pickup in (lea, odette, lea, odette):
            strike(pickup)

        assert (len(written("part-changed")), len(called())) == (1, 1)

    def test_that_are_put_back_are_told_too(self, lea, prepare):
        prepare(lea)
        prepare(lea, off=False)

        assert len(written("part-changed")) == 2
        assert "everything from La Ferme du Ru is there after all" in mail_of("part-changed")

    def test_noted_as_missing_by_mistake_are_told_to_be_there(self, lea, give, grower):
        give(lea)
        take_back(farm_part(lea).pk, reason="Erreur", by=Actor.producer(grower))

        assert "is there after all" in mail_of("part-changed")

    def test_that_stay_are_not_told_again(self, lea, prepare, grower):
        prepare(lea)
        prepare_part(
            farm_part(lea).pk, grams={}, struck={line_of(lea): StrikeReason.QUALITY}, by=Actor.producer(grower)
        )

        assert len(written("part-changed")) == 1

    def test_say_what_is_left_to_pay(self, lea, strike):
        strike(lea)

        assert "You don’t pay anything at this stall." in mail_of("part-changed")

    def test_say_why(self, lea, strike):
        strike(lea)

        assert "Gel" in mail_of("part-changed")
