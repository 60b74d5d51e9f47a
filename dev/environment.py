"""The environment variables that make the project run here; `.env.example` explains each of them."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path


def environment(home: Path, urls: Mapping[str, str], *, site_url: str, email_url: str) -> dict[str, str]:
    """For a development installation whose files live under `home`; `urls` come from `dev.services`."""
    return {
        **urls,
        "DEBUG": "0",  # as in production: our own error pages, hashed static files
        "HTTPS": "0",
        "STAFF_SECOND_FACTOR": "0",  # the demo's people sign in with a password alone
        "SITE_URL": site_url,
        "SITE_NAME": "Marché de Beauvais",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "SECRET_KEY": secret_key(home),
        "EMAIL_URL": email_url,
        "FROM_EMAIL": "Marché de Beauvais <marche@beauvais.example>",
        "STATIC_ROOT": str(home / "static"),
        "MEDIA_ROOT": str(home / "media"),
    }


def secret_key(home: Path) -> str:
    """Made once, so that sessions and ticket links live on from one run to the next."""
    file = home / "secret-key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    return file.read_text()
