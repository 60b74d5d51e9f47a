"""The fake Stripe of `make run`: the settings that lead to it, its port, and whether its books are new."""

from pathlib import Path

import pytest
import stripe
from environ import Env
from pytest_django import Settings

from dev.fakestripe import FakeStripe
from dev.processes import wait_until
from dev.till import edition, has_its_own_stripe, same_port, spawn_stripe, stripe_environment
from marche.payments.tills import till_named


def test_the_settings_name_a_till_that_can_be_used(settings: Settings) -> None:
    env = stripe_environment("http://127.0.0.1:4242")
    settings.STRIPE_API = env["STRIPE_API"]
    for name in ("STRIPE_SECRET_KEYS", "STRIPE_WEBHOOK_SECRETS", "STRIPE_CONNECT_SECRETS"):
        setattr(settings, name, Env.parse_value(env[name], dict))
    till = till_named("beauvais")
    assert till
    assert till.problem == ""
    assert till.secrets
    assert till.connect_secrets
    assert till.secrets != till.connect_secrets


def test_keys_of_the_shell_come_before_the_fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STRIPE_SECRET_KEYS", raising=False)
    assert not has_its_own_stripe()
    monkeypatch.setenv("STRIPE_SECRET_KEYS", "beauvais=sk_test_mine")
    assert has_its_own_stripe()


def test_the_fake_starts_with_the_key_of_the_settings(tmp_path: Path) -> None:
    port = same_port(tmp_path)
    child = spawn_stripe(port, tmp_path, tmp_path / "log", "http://127.0.0.1:9", keep=True)
    try:
        wait_until(lambda: "fakestripe:" in child.last_lines(), 20, "the fake Stripe", child=child)
        env = stripe_environment(f"http://127.0.0.1:{port}")
        client = stripe.StripeClient(
            env["STRIPE_SECRET_KEYS"].partition("=")[2], base_addresses={"api": env["STRIPE_API"]}
        )
        assert client.v1.balance.retrieve().available[0].amount == 0
    finally:
        child.stop()
    assert (tmp_path / "books.json").exists()


def test_the_port_stays_where_it_is_free(tmp_path: Path) -> None:
    port = same_port(tmp_path)
    assert same_port(tmp_path) == port
    with FakeStripe(port=port):
        assert same_port(tmp_path) != port


def test_books_that_were_lost_are_another_edition(tmp_path: Path) -> None:
    edition(tmp_path)
    (tmp_path / "books.json").touch()
    first = edition(tmp_path)
    assert edition(tmp_path) == first
    (tmp_path / "books.json").unlink()
    assert edition(tmp_path) != first
