"""A very short bench measures what it says; a wrong answer never counts, and its history is a real one."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from django.db.models import Count, F, Sum
from django.utils import timezone

from dev import ROOT
from dev.bench import table
from dev.bench.__main__ import read_options
from dev.bench.aims import Aim, Found, aim_rows, judge
from dev.bench.cpu import cpu_seconds, memory_megabytes
from dev.bench.history import write_history
from dev.bench.measure import Result, Sample
from dev.bench.stage import OSCAR, OURS
from dev.bench.wire import Call, volley
from dev.demo.load import load
from dev.rehearsal.client import SiteError
from marche.markets.models import MarketDay
from orders.models import LineDetail, Pickup, ProducerOrder
from producers.models import Listing


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dev.bench", *words]
    return subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)


def test_a_short_bench_measures_a_page_and_an_order_of_both_shops() -> None:
    few = ["--concurrency", "1", "--orders", "1", "--seconds", "0.1", "--days", "2", "--orders-a-day", "5"]
    result = bench("--quick", *few, "--goods", "130", "--only", "day-120")
    assert result.returncode == 0, result.stdout + result.stderr
    figures = json.loads(Path(re.findall(r"(\S+\.json)", result.stdout)[-1]).read_text())
    (page,), (orders,) = figures["pages"], figures["orders"]
    assert set(page["samples"]) == {"marche", "oscar", "bare"}
    assert {OURS, OSCAR} <= set(orders["samples"])
    assert figures["queries"][OURS]["pages"]["day-120"][1] < figures["queries"][OSCAR]["pages"]["day-120"][1]


def test_a_page_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SystemExit):
        read_options(["--only", "no-such-page"])


# --- A wrong answer never counts -------------------------------------------------------------------


@contextmanager
def a_server_that_says(answer: bytes) -> Iterator[str]:
    """To whoever connects, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _address = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65_536)
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


RIGHT = b"HTTP/1.1 200 OK\r\nX: y\r\n\r\n<li>one</li><li>two</li>"


def test_right_answers_are_counted_with_their_time_and_size() -> None:
    with a_server_that_says(RIGHT) as site:
        fired = volley(site, [Call("/", b"<li>", 2)] * 2, 0, least=3)
    assert len(fired.latencies) == 6
    assert fired.size == len(b"<li>one</li><li>two</li>")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(RIGHT.replace(b"200 OK", b"500 No"), "500 instead of 200", id="an error"),
        pytest.param(RIGHT.replace(b"<li>two</li>", b""), "1 times instead of 2", id="half a page"),
        pytest.param(b"", "nothing instead of 200", id="nothing"),
    ],
)
def test_a_wrong_answer_ends_the_run(answer: bytes, said: str) -> None:
    with a_server_that_says(answer) as site, pytest.raises(SiteError, match=said):
        volley(site, [Call("/", b"<li>", 2)], 0)


# --- What is said about it -------------------------------------------------------------------------


def sample(per_second: float) -> Sample:
    return Sample(per_second, p50=1, p95=2, count=10, size=1000, cpu={"web": 2.0}, client_busy=0.5)


def result(ours: list[float], oscar: list[float]) -> Result:
    return Result("day-120", 8, {OURS: [sample(n) for n in ours], OSCAR: [sample(n) for n in oscar]})


def test_a_ratio_is_that_of_rounds_that_stood_side_by_side() -> None:
    """The machine was half as quick in the last round: for both."""
    assert result([100, 100, 50], [10, 10, 5]).ratios(OURS, OSCAR) == [10, 10, 10]


def test_a_row_shows_the_median_and_the_spread() -> None:
    row = next(table.rows(result([90, 100, 140], [10, 10, 10]), {OURS: {"day-120": (5, 1)}}))
    assert "100.0 (90.0–140.0)" in " ".join(row.split())
    assert "1 (5)" in row
    assert "10.0 ×" in row


def test_an_aim_is_met_missed_or_not_measured() -> None:
    aims = {aim.name: aim for aim in judge(Found([result([399], [10])], [], {}, {}, 0))}
    assert aims["day-120, requests/s"].met is False
    assert aims["day-120 beside Oscar's list of 20"].met is True
    assert aims["home, requests/s"].met is None


def test_a_missed_aim_says_by_how_much() -> None:
    rows = "\n".join(aim_rows([Aim("orders/s", 10, "", True, 5.0), Aim("CPU", 150, "ms", False, 75.0)]))
    assert "MISSED, 50 % of it" in rows
    assert "met, 50 % of it" in rows


def test_the_work_of_a_program_is_counted() -> None:
    before = cpu_seconds(os.getpid())
    while cpu_seconds(os.getpid()) < before + 0.02:
        sum(range(100_000))
    assert memory_megabytes(os.getpid()) > 1


# --- The year behind it ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_each_day_of_the_history_is_whole() -> None:
    load(timezone.now())
    like = MarketDay.objects.filter(listings__isnull=False).latest("date")
    last = write_history(like, Random("1"), days=3, orders_a_day=4)
    days = MarketDay.objects.filter(date__lte=last.date).annotate(count=Count("pickups")).order_by("-date")
    assert [(last.date - day.date).days for day in days] == [0, 7, 14]
    assert [day.count for day in days] == [4, 4, 4]
    assert not LineDetail.objects.exclude(listing__day=F("part__day")).exists()
    assert Pickup.objects.values("code").distinct().count() == 12
    parts = ProducerOrder.objects.values("day").annotate(total=Sum("total_cents")).values_list("total", flat=True)
    assert len(set(parts)) == 1
    assert Listing.objects.filter(day__in=days).count() == 3 * Listing.objects.filter(day=like).count()
