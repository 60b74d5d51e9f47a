"""Valkey is gone: people still sign in, and the codes of residents are bounded all the same."""

from __future__ import annotations

import socket

import pytest
from django.core.cache import caches

from marche.accounts.models import MAX_TRIES
from marche.common import cache as forgiving
from tests.accounts.doors import ask_code, code_in_the_mail, enter, shown_now, sign_in, sign_in_by_mail, totp, who

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_answers(_fresh_cache, settings, monkeypatch):
    """The cache is at an address where nothing listens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        settings.CACHES = {"default": {"BACKEND": "marche.common.cache.ForgivingCache", "LOCATION": address}}
        monkeypatch.setattr(forgiving, "_resting_until", {})
        yield
    caches.close_all()


def test_staff_sign_in_with_their_second_factor(client, grower, asked):
    secret = totp(grower)
    sign_in(client, grower)
    client.post("/connexion/second-facteur/", {"code": shown_now(secret)})

    assert client.get("/producteur/").status_code == 200


def test_it_is_written_into_the_log_once_in_a_while(client, grower, caplog):
    sign_in(client, grower)

    assert caplog.text.count("the cache does not answer") == 1


def test_residents_sign_in(client):
    sign_in_by_mail(client)

    assert who(client)


def test_codes_and_tries_are_counted_all_the_same(client):
    for _time in range(5):
        ask_code(client)
    assert ask_code(client).status_code == 429
    code = code_in_the_mail()
    for _try in range(MAX_TRIES):
        enter(client, "abc")
    enter(client, code)

    assert who(client) is None
