"""What a producer is told to do, from the first empty offer to the day after the market."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from orders.actions.acknowledge_summary import acknowledge_summary
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.models import Summary
from producers.workspace.board import Todo
from tests.cast import CUTOFF, OPEN_TIME, SATURDAY, carrots, honey, listing, next_saturday, placed_order, saturday
from tests.producers.people import signed_in

pytestmark = pytest.mark.django_db
SUNDAY_BEFORE = dt.datetime(2026, 11, 22, 21, 0, tzinfo=OPEN_TIME.tzinfo)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def on_sale(farm, day):
    return listing(carrots(farm), day)


def home(farm, at):
    """The page as the farm's member sees it at this moment; signed in anew, for a session ends."""
    with time_machine.travel(at, tick=False):
        return signed_in(farm.partner.users.get()).get(reverse("producer-home"))


def card(farm, at):
    """The card of Saturday."""
    boards = home(farm, at).context["boards"]
    with time_machine.travel(at, tick=False):
        return next((c, c.todo) for b in boards for c in b.now if c.day.date == SATURDAY)


def todo(farm, at):
    return card(farm, at)[1]


def test_before_orders_open_an_offer_is_asked_for_and_until_when(farm, day):
    response = home(farm, SUNDAY_BEFORE)

    assert todo(farm, SUNDAY_BEFORE) is Todo.OFFER
    assert "To do before Monday 9:00" in response.text
    assert reverse("offer", args=[farm.slug, "beauvais", SATURDAY]) in response.text


def test_once_filled_in_the_offer_is_ready(farm, on_sale):
    assert todo(farm, SUNDAY_BEFORE) is Todo.READY


def test_an_offer_with_everything_off_is_still_to_do(farm, day):
    listing(carrots(farm), day, on=False)

    assert todo(farm, SUNDAY_BEFORE) is Todo.OFFER


def test_an_empty_offer_while_residents_order_is_urgent(farm, day):
    assert todo(farm, OPEN_TIME) is Todo.OFFER_LATE


def test_while_orders_are_open_it_says_how_many_came_and_what_they_make(farm, on_sale):
    placed_order({on_sale: 2})
    placed_order({on_sale: 1})

    found, what = card(farm, OPEN_TIME + HOUR)

    assert (what, found.listed, found.orders, found.total_cents) == (Todo.SELLING, 1, 2, 330)


def test_a_cancelled_order_does_not_count(farm, on_sale):
    cancel_order(placed_order({on_sale: 2}).pk, reason="Empêchée", by=Actor.resident())

    assert card(farm, OPEN_TIME + HOUR)[0].orders == 0


def test_another_producer_s_orders_do_not_count(farm, rucher, on_sale, day):
    placed_order({listing(honey(rucher), day): 1})

    assert card(farm, OPEN_TIME + HOUR)[0].orders == 0


def test_past_the_cutoff_without_an_order_there_is_nothing_to_prepare(farm, on_sale):
    assert todo(farm, CUTOFF + HOUR) is Todo.NOTHING_ORDERED


def test_until_the_summary_is_made_it_says_that_it_comes(farm, on_sale):
    placed_order({on_sale: 1})

    assert todo(farm, CUTOFF) is Todo.SUMMARY_COMING


@pytest.fixture
def summary(on_sale, day):
    placed_order({on_sale: 1})
    with time_machine.travel(CUTOFF, tick=False):
        close_day(day.pk)
    return Summary.objects.get()


def test_a_summary_is_to_be_acknowledged(farm, summary):
    response = home(farm, CUTOFF + HOUR)

    assert todo(farm, CUTOFF + HOUR) is Todo.ACKNOWLEDGE
    assert summary.get_absolute_url() in response.text
    assert "1 order to prepare" in response.text


def test_an_acknowledged_summary_leaves_the_orders_to_prepare(farm, summary):
    acknowledge_summary(summary.token)

    assert todo(farm, CUTOFF + HOUR) is Todo.PREPARE


def test_a_new_revision_is_to_be_acknowledged_again(farm, summary):
    acknowledge_summary(summary.token)
    latest = Summary.objects.create(
        producer=farm, day=summary.day, revision=2, data=summary.data, made_at=CUTOFF + HOUR
    )

    found, what = card(farm, CUTOFF + 2 * HOUR)

    assert (what, found.summary_token) == (Todo.ACKNOWLEDGE, latest.token)


def test_the_day_after_it_is_over(farm, summary):
    assert todo(farm, dt.datetime(2026, 11, 29, 9, tzinfo=OPEN_TIME.tzinfo)) is Todo.DONE


def test_a_day_over_without_this_producer_is_not_shown(farm, day):
    response = home(farm, dt.datetime(2026, 11, 29, 9, tzinfo=OPEN_TIME.tzinfo))

    assert SATURDAY not in [card.day.date for card in response.context["boards"][0].now]


def test_a_week_later_it_is_gone(farm, summary):
    response = home(farm, dt.datetime(2026, 12, 6, 9, tzinfo=OPEN_TIME.tzinfo))

    assert SATURDAY not in [card.day.date for card in response.context["boards"][0].now]


def test_a_cancelled_day_says_why(farm, day):
    MarketDay.objects.filter(pk=day.pk).update(cancelled_at=OPEN_TIME, cancel_reason="Vent trop fort")

    assert "Vent trop fort" in home(farm, OPEN_TIME).text


def test_what_is_urgent_comes_first(farm, day, on_sale):
    next_saturday(next_saturday(day))
    boards = home(farm, OPEN_TIME).context["boards"]

    assert [(c.day.date, c.listed) for c in boards[0].now] == [(dt.date(2026, 12, 5), 0), (SATURDAY, 1)]
    assert [c.day.date for c in boards[0].later][:1] == [dt.date(2026, 12, 12)]


def test_a_person_may_act_for_several_producers(farm, rucher, on_sale):
    rucher.partner.users.add(farm.partner.users.get())

    text = home(farm, OPEN_TIME).text

    assert "La Ferme du Ru" in text
    assert "Le Rucher d’Hodenc" in text


def test_without_a_market_it_says_what_to_wait_for(farm, day):
    farm.partner.stalls.all().delete()

    assert "No market day is planned" in home(farm, OPEN_TIME).text


def test_the_number_of_queries_does_not_grow_with_producers_days_or_orders(
    claire, farm, rucher, on_sale, day, django_assert_num_queries
):
    url = reverse("producer-home")
    with django_assert_num_queries(8):  # session, person, producers, stalls, days, listings, orders, summaries
        claire.get(url)
    rucher.partner.users.add(farm.partner.users.get())
    honeys = [listing(honey(rucher, title=f"Miel {number}"), day) for number in range(5)]
    saturday(day.market, SATURDAY - dt.timedelta(days=7))
    for item in [*honeys, on_sale]:
        placed_order({item: 1})
    with django_assert_num_queries(8):
        claire.get(url)
