"""Who was erased, kept outside the database: a backup brings them back, and this tells whom to erase again.

A file of lines of JSON, only ever added to: first a salt, then for each erasing when it was and the digests of the
account and of the orders. Nobody can be read in it; but whoever has the database finds the same digests there. An
account is known by its key and the moment it was made: after a restore the same key may become another person's.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Digest = str


def remember(user: User, order_numbers: Iterable[str]) -> None:
    """Add an erasing, on the disk before it returns. Raises OSError: then nobody may be erased."""
    salt = _salt(_path()) or _begin()
    orders = sorted(_digest(salt, "order", number) for number in order_numbers)
    _append({"at": timezone.now().isoformat(), "account": _of_account(salt, user), "orders": orders})


def erased(users: Iterable[User], order_numbers: Iterable[str]) -> tuple[set[int], set[str]]:
    """Which of these accounts (by key) and orders (by reference) were erased once."""
    salt = _salt(_path())
    if salt is None:
        return set(), set()
    rows = list(_rows(_path()))
    accounts = {row.get("account") for row in rows}
    orders = {digest for row in rows for digest in row.get("orders", [])}
    return (
        {user.pk for user in users if _of_account(salt, user) in accounts},
        {number for number in order_numbers if _digest(salt, "order", number) in orders},
    )


def _of_account(salt: str, user: User) -> Digest:
    return _digest(salt, "account", f"{user.pk} {user.date_joined.timestamp():.6f}")


def _digest(salt: str, kind: str, name: str) -> Digest:
    return hmac.new(salt.encode(), f"{kind} {name}".encode(), hashlib.sha256).hexdigest()


def _path() -> Path:
    return Path(settings.ERASURES_LOG)


def _salt(path: Path) -> str | None:
    first = next(_rows(path), None)
    return str(first["salt"]) if first else None


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """A line that was cut off by a full disk is nobody's."""
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def _begin() -> str:
    """Two that begin at once add two salts: the first in the file is the one."""
    _path().parent.mkdir(parents=True, exist_ok=True)
    _append({"salt": secrets.token_hex(32)})
    return str(_salt(_path()))


def _append(row: dict[str, Any]) -> None:
    """One write at the end of the file, after a line break of its own: two processes don't mix their lines."""
    handle = os.open(_path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"\n{json.dumps(row)}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
