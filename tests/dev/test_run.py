"""`make run` refuses clearly, and its mail catcher keeps what it is sent."""

import os
import smtplib
import socket
import subprocess
import sys
from contextlib import ExitStack
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from dev import ROOT, run
from dev.processes import ServiceError, free_port, only_one, port_in_use, spawn, wait_until


def test_a_port_in_use_gives_a_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PORT", str(server.getsockname()[1]))
        with pytest.raises(ServiceError, match="make run PORT=8001"):
            run.port()


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http"])
def test_a_port_must_be_a_port(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(ServiceError, match="not a port number"):
        run.port()


@pytest.mark.parametrize("arguments", [[], ["--reset"]])
def test_a_second_run_and_a_reset_are_refused_while_one_runs(tmp_path: Path, arguments: list[str]) -> None:
    program = (
        f"import pathlib, sys; from dev import run; run.HOME = pathlib.Path({str(tmp_path)!r}); sys.exit(run.main())"
    )
    with only_one(tmp_path, ""):
        result = subprocess.run(
            [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert result.returncode == 1
    assert "Another `make run` is using var/run" in result.stderr


def test_reset_forgets_everything_but_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "HOME", tmp_path / "run")
    monkeypatch.setattr(run, "MAIL", tmp_path / "mail")
    for file in ("run/lock", "run/secret-key", "run/postgres/data-18/x", "mail/a.eml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    run.reset()
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == ["run", "run/lock"]


def test_cards_are_taken_by_a_fake_that_stops_with_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STRIPE_SECRET_KEYS", raising=False)
    monkeypatch.setattr(run, "STRIPE", tmp_path / "stripe")
    monkeypatch.setattr(run, "LOGS", tmp_path / "log")
    with ExitStack() as running:
        env, [fake] = run.card_server(running, "http://127.0.0.1:9")
        assert fake.running
        assert port_in_use(int(env["STRIPE_API"].rpartition(":")[2]))
    assert not fake.running


def test_no_fake_is_started_beside_keys_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEYS", "beauvais=sk_test_mine")
    with ExitStack() as running:
        assert run.card_server(running, "http://127.0.0.1:9") == ({}, [])


def test_a_mail_becomes_a_file(tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "mail"
    message = EmailMessage()
    message["Subject"] = "Votre commande : 3 pêches"
    message.set_content("Bonjour Zoé")
    catcher = spawn("mail catcher", [sys.executable, "-m", "dev.mailbox", str(port), str(folder)], tmp_path / "log")
    try:
        wait_until(lambda: port_in_use(port), 10, "the mail catcher", child=catcher)
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.send_message(message, "marche@beauvais.example", ["zoe@example.fr", "../../x@example.fr"])
    finally:
        catcher.stop()
    names = sorted(os.listdir(folder))
    assert [name.partition("-")[2] for name in names] == ["zoe@example.fr.eml", ".._.._x@example.fr.eml"]
    kept = message_from_bytes((folder / names[0]).read_bytes(), policy=default)
    assert kept["Subject"] == "Votre commande : 3 pêches"
    assert "zoe@example.fr: Votre commande : 3 pêches" in catcher.last_lines()
