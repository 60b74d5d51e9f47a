"""The fake Stripe as the till of an installation here: its program, and the settings that lead to it.

It imports nothing of `dev.fakestripe`, whose program is a process of its own.
"""

import os
import secrets
import sys
from pathlib import Path

from dev.processes import Child, free_port, port_in_use, spawn

TILL = "beauvais"  # as dev/demo/market.toml names it
_KEY, _SECRET, _CONNECT_SECRET = "sk_test_fakestripe", "whsec_fakestripe", "whsec_fakestripe_comptes"


def has_its_own_stripe() -> bool:
    """Whether the shell names keys of Stripe: then no fake is started."""
    return bool(os.environ.get("STRIPE_SECRET_KEYS"))


def spawn_stripe(port: int, state: Path, logs: Path, site_url: str, *, keep: bool = False) -> Child:
    """The fake, telling `site_url` what happens. `keep`: it remembers everything in `state` until the next time."""
    webhook = f"{site_url}/stripe/{TILL}/"
    command = [
        sys.executable, "-m", "dev.fakestripe", "--port", str(port), "--state", str(state),
        "--webhook", webhook, "--secret", _SECRET,
        "--connect-webhook", f"{webhook}comptes/", "--connect-secret", _CONNECT_SECRET,
    ]  # fmt: skip
    return spawn("fake Stripe", [*command, "--keep"] if keep else command, logs / "stripe.log")


def stripe_environment(url: str) -> dict[str, str]:
    """The settings of a site that takes cards with the fake at `url`."""
    return {
        "STRIPE_API": url,
        "STRIPE_SECRET_KEYS": f"{TILL}={_KEY}",
        "STRIPE_WEBHOOK_SECRETS": f"{TILL}={_SECRET}",
        "STRIPE_CONNECT_SECRETS": f"{TILL}={_CONNECT_SECRET}",
    }


def same_port(state: Path) -> int:
    """The port of the last time where it is free, for payment pages that somebody still has open; else another one."""
    file = state / "port"
    before = int(file.read_text()) if file.exists() else 0
    port = before if before and not port_in_use(before) else free_port()
    state.mkdir(parents=True, exist_ok=True)
    file.write_text(str(port))
    return port


def edition(state: Path) -> str:
    """Another word whenever the fake has nothing in its books: whoever relied on them begins anew."""
    file = state / "edition"
    if not (file.exists() and (state / "books.json").exists()):
        state.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_hex(8))
    return file.read_text()
