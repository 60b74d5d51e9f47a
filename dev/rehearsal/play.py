"""The acts in their order, then the audit and the table."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Callable

from dev.processes import ServiceError
from dev.rehearsal import report
from dev.rehearsal.audit import audit_manager, audit_money, audit_numbers, audit_residents, audit_stock
from dev.rehearsal.audit_mails import Told, audit_calls, audit_outbox, audit_summaries
from dev.rehearsal.audit_report import audit_coherence, audit_page, audit_tables, audit_totals, audit_workbook
from dev.rehearsal.audit_stalls import audit_clock, audit_history, audit_parts, audit_tickets
from dev.rehearsal.books import Books, read_books
from dev.rehearsal.cards.audit import audit_cards
from dev.rehearsal.cards.audit_mails import audit_outbox_with_cards
from dev.rehearsal.cards.facts import facts_with_cards
from dev.rehearsal.cards.opening import take_cards
from dev.rehearsal.cards.week import CardWeek
from dev.rehearsal.client import SiteError
from dev.rehearsal.errands import Customer
from dev.rehearsal.facts import facts_in_books, facts_of_play
from dev.rehearsal.mails import Mail, read_mails
from dev.rehearsal.market_day import Evening, MarketDayPlay
from dev.rehearsal.notes import Notes
from dev.rehearsal.opening import Week, goods_of, holders_of, path_of, prepare_island, prepare_week
from dev.rehearsal.phones import TICK
from dev.rehearsal.reckoning import Reckoning
from dev.rehearsal.stage import PROGRAMS, Stage
from dev.rehearsal.week import Place, WeekPlay
from marche.markets.models import MarketDay
from producers.models import Listing

Say = Callable[[str], None]
ISLAND_ORDERS, LEAST_ON_ISLAND = 10, 12  # one resident in so many is at La Réunion, and so many at least
_COMPLAINT = re.compile(r"[ :] ?(ERROR|CRITICAL)[ /]|^Traceback")  # of our own programs, and of Celery's
_REFUSED = re.compile(r"Stripe refused instruction \d+ \(reversal\)")


def play(stage: Stage, orders: int, seed: str, clients: int, say: Say) -> int:
    """The whole rehearsal on a stage that is ready. Returns the exit code."""
    notes = Notes()
    try:
        for line in _acts(stage, orders, seed, clients, notes, say):
            say(line)
    except (ServiceError, SiteError) as error:
        notes.differ(str(error))
    if stage.stripe:
        say(f"\nstripe requests: {stage.requests}")
    for line in report.verdict(notes):
        say(line)
    if notes.differences:
        say(f"Logs and mails are in {stage.logs.parent}.")
    return 1 if notes.differences else 0


def _acts(stage: Stage, orders: int, seed: str, clients: int, notes: Notes, say: Say) -> list[str]:
    """Play the week of both markets, audit it, and return the table."""
    started = time.monotonic()
    week = prepare_week(orders, seed)
    stalls = take_cards(week.day) if stage.stripe else set()
    show = _show(stage, week, orders, seed, clients, notes)
    if stage.stripe:
        show.cards = CardWeek(show, stalls)
    books = _play_week(week, show, say)
    say("\nThe same week on another clock: a small market at La Réunion…")
    few = max(LEAST_ON_ISLAND, orders // ISLAND_ORDERS)
    island = prepare_island(few, seed)
    there = _show(stage, island, few, f"{seed}:island", min(clients, few), notes)
    there.acknowledged = show.acknowledged
    _play_week(island, there, say)
    compare_logs(stage, notes, refused=show.cards.refusals if show.cards else 0)
    show.durations["the whole rehearsal"] = time.monotonic() - started
    return table(week, show, books, list(read_mails(stage.mail)))


def _show(stage: Stage, week: Week, orders: int, seed: str, clients: int, notes: Notes) -> WeekPlay:
    place = Place(week.day.pk, path_of(week.day), holders_of(week.day.market), week.day.market.zone)
    return WeekPlay(stage, place, orders, seed, clients, notes)


def _play_week(week: Week, show: WeekPlay, say: Say) -> Books:
    """One market, from the producers' offers to the manager's report; its books afterwards."""
    say(f"Producers list their goods for {show.place.path}…")
    show.producers_list()
    compare_offers(week.day, show.notes)
    show.manager_signs_in()
    goods = goods_of(week.day)
    say(f"{show.orders} residents order, {show.clients} at a time (SEED={show.seed})…")
    show.residents_order(goods)
    say("Orders are closed: summaries leave, producers acknowledge…")
    if show.cards:
        show.cards.pages_expire()
    show.regret_too_late()
    show.summaries_arrive("the closing")
    say("The manager prolongs the day: some more order, it closes again; the manager cancels, takes lines off, looks…")
    show.decisions.prolongs(goods)
    show.summaries_arrive("the second closing")
    show.manager_cancels()
    show.summaries_arrive("a cancellation")
    audit_manager(read_books(show.stage.database_url, week.day.pk), show.manager.see_day(), show.notes)
    if show.cards:
        say("Producers weigh and prepare, some of them twice, the manager takes lines off…")
        show.cards.producers_prepare()
        show.cards.manager_takes_off()
    say("It is the morning of the market: stalls hand over, some scans come twice, the manager looks on…")
    market = MarketDayPlay(show, list(week.day.slots.order_by("starts_at").values_list("pk", flat=True)))
    evening = market.play()
    say("Auditing the books and the report…")
    books = read_books(show.stage.database_url, week.day.pk)
    mails = [mail for mail in read_mails(show.stage.mail) if mail.message in books.messages]
    _audit(books, mails, show, market, evening)
    return books


def _audit(books: Books, mails: list[Mail], show: WeekPlay, market: MarketDayPlay, evening: Evening) -> None:
    notes, gone = show.notes, show.cards.gone if show.cards else {}
    audit_stock(books, notes)
    audit_numbers(books, notes, gone.values())
    audit_money(books, notes, gone.values())
    audit_residents(books, show.visits, notes)
    audit_clock(books, evening.tickets, market.customers, notes)
    if show.cards and market.cards_evening:
        audit_cards(show.cards, market.cards_evening, books, notes)
        audit_outbox_with_cards(books, mails, show.cards, told_of(show), notes)
    else:
        audit_outbox(books, mails, notes, told_of(show))
    audit_calls(books, told_of(show), notes)
    audit_summaries(books, mails, notes, show.checkpoints)
    audit_evening(books, market.customers, evening, notes, show.cards)


def told_of(show: WeekPlay) -> Told:
    """Of what residents must have been told, by those who did it."""
    deeds = show.cards.deeds if show.cards else None
    parts = Counter({v.ticket_number: v.told + (deeds.told(v.ticket_number) if deeds else 0) for v in show.visits})
    return Told(+parts, show.decisions.told, show.decisions.struck)


def compare_offers(day: MarketDay, notes: Notes) -> None:
    """What producers offer this week is what they offered last week."""
    before, now = (
        {row[0]: row[1:] for row in Listing.objects.filter(day=d).values_list("sheet", "price_cents", "quantity", "on")}
        for d in (MarketDay.objects.filter(market=day.market, date__lt=day.date).latest("date"), day)
    )
    notes.same("this week’s offer", now, before)


def audit_evening(
    books: Books, customers: list[Customer], evening: Evening, notes: Notes, cards: CardWeek | None
) -> None:
    """The report and the tickets, by the tables and by those who played the day."""
    written = facts_in_books(books)
    done = facts_with_cards(customers, books, cards.reckoning) if cards else facts_of_play(customers, books)
    audit_parts(written, done, notes)
    audit_history(books, customers, notes)
    audit_tickets(evening.tickets, customers, notes, cards.gone if cards else ())
    audit_tables(evening.tables, Reckoning(written, books).tables(), "the books", notes)
    audit_tables(evening.tables, Reckoning(done, books).tables(), "the stalls", notes)
    audit_totals(evening.tables, notes)
    audit_coherence(evening.tables, notes)
    audit_page(evening.page, evening.tables, notes)
    audit_workbook(evening.workbook, evening.tables, notes)


def compare_logs(stage: Stage, notes: Notes, refused: int = 0) -> None:
    """No program complained of an error, but for instructions that Stripe had to refuse."""
    expected = 0
    for name in PROGRAMS:
        lines = (stage.logs / f"{name}.log").read_text(errors="replace").splitlines()
        bad = [line for line in lines if _COMPLAINT.search(line)]
        expected += len(bad) - len(bad := [line for line in bad if not _REFUSED.search(line)])
        notes.same(f"errors in {name}.log", bad, [])
    notes.same("refusals of Stripe in the logs", expected, refused)


def table(week: Week, show: WeekPlay, books: Books, mails: list[Mail]) -> list[str]:
    notes, ordering = show.notes, show.durations["residents order"]
    day = books.day
    full = sum(slot["capacity"] - slot["reserved"] <= 2 for slot in books.slots)
    sold_out = sum(listing["reserved"] == listing["quantity"] for listing in books.listings.values())
    market: dict[str, int | str] = {
        "products on sale": len(books.listings),
        "  made scarce": week.scarce_listings,
        "  sold out in the end": sold_out,
        "places in slots": week.places,
        "  slots full or nearly, in the end": f"{full} of {len(books.slots)}",
        "orders at most (cap)": week.cap,
        "orders kept": day["orders_count"],
        "order lines kept": len(books.live_lines),
        "euros kept": sum(order["total_cents"] for order in books.live_orders.values()) // 100,
        **{name: notes.counts[name] for name in sorted(notes.counts)},
    }
    speed: dict[str, int | str] = {
        **{name: f"{seconds:.1f} s" for name, seconds in show.durations.items()},
        "requests": show.stopwatch.count,
        "requests per second, while residents order": f"{_while_ordering(show) / ordering:.1f}",
        "orders per second": f"{len(books.orders) / ordering:.1f}",
        **at_the_stalls(show),
        "load of the machine, 15 minutes": f"{os.getloadavg()[2]:.1f}",
        "processors": os.cpu_count() or 1,
    }
    return [
        *report.counts("The market", market),
        *report.counts("What became of the residents", report.tally(visit.ended for visit in show.visits)),
        *report.counts("Refusals, each with its sentence", dict(notes.refusals.most_common())),
        *report.counts("Mails that arrived", report.tally(mail.kind for mail in mails)),
        *report.counts("Speed", speed),
        *report.times(show.stopwatch.seconds),
    ]


def at_the_stalls(show: WeekPlay) -> dict[str, int | str]:
    ticks = show.stopwatch.seconds.get(TICK, [])
    p50, p95 = (f"{1000 * report.percentile(ticks, percent):.0f} ms" for percent in (50, 95)) if ticks else ("", "")
    rate = len(ticks) / show.durations["stalls hand over"]
    return {"hand-overs per second": f"{rate:.1f}", "a tick at a stall, p50": p50, "a tick at a stall, p95": p95}


def _while_ordering(show: WeekPlay) -> int:
    staff = ("producer", "manager", "stall", "ticket after")
    return sum(len(taken) for step, taken in show.stopwatch.seconds.items() if not step.startswith(staff))
