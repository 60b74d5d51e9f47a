"""Addresses whose domain is likely a slip of the finger: "gmial.com" for "gmail.com". A guess, which is only asked."""

from __future__ import annotations

# What most people in France have: the name of who gives the address, and its ends.
PROVIDERS = {
    "gmail": ("com",),
    "orange": ("fr",),
    "wanadoo": ("fr",),
    "free": ("fr",),
    "laposte": ("net",),
    "sfr": ("fr",),
    "hotmail": ("fr", "com"),
    "outlook": ("fr", "com"),
    "yahoo": ("fr", "com"),
    "icloud": ("com",),
    "live": ("fr", "com"),
    "bbox": ("fr",),
    "neuf": ("fr",),
    "numericable": ("fr", "com"),
    "aol": ("com", "fr"),
    "aliceadsl": ("fr",),
    "club-internet": ("fr",),
    "protonmail": ("com",),
}
# Domains that resemble these and give addresses too, or once did.
OTHERS = frozenset(
    [
        "mail.com",
        "mail.fr",
        "mail.ru",
        "email.com",
        "ymail.com",
        "gmx.com",
        "gmx.fr",
        "gmx.net",
        "gmx.de",
        "msn.com",
        "me.com",
        "mac.com",
        "mailo.com",
        "mailo.fr",
        "googlemail.com",
        "rocketmail.com",
        "protonmail.ch",
        "proton.me",
        "pm.me",
        "cegetel.net",
        "9online.fr",
        "noos.fr",
        "voila.fr",
        "tele2.fr",
        "nordnet.fr",
        "online.fr",
        "ovh.fr",
        "edf.fr",
        "sncf.fr",
        "live.be",
        "fre.fr",
    ]
)
ENDS = ("com", "fr", "net")
SHORT_NAME = 4  # letters: with two slips in it, a short name is simply another one
LONG_NAME = 7  # letters, from which two slips are forgiven


def likely_address(typed: str) -> str:
    """The address that was likely meant, or "" where nothing seems wrong."""
    person, at, domain = typed.strip().rpartition("@")
    meant = likely_domain(domain.lower())
    return f"{person}@{meant}" if person and at and meant else ""


def likely_domain(domain: str) -> str:
    """The common domain that this one, in small letters, was likely meant to be; "" where none is near."""
    name, dot, end = domain.partition(".")
    if not (name and dot and end) or domain in OTHERS or end in PROVIDERS.get(name, ()):
        return ""
    near = [
        (slips(name, known) + slips(end, right), known, right)
        for known, ends in PROVIDERS.items()
        if _is_near(name, known)
        for right in ends
        if _may_be_meant(end, right, is_exact=name == known, is_short=len(known) <= SHORT_NAME)
    ]
    # Of several that are as near, the first in the list above: the commonest.
    return "{1}.{2}".format(*min(near, key=lambda found: found[0])) if near else ""


def slips(typed: str, meant: str) -> int:
    """How many slips make one word of the other: a letter more, less, other, or two that changed places."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, a in enumerate(typed, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(meant, 1):
            steps = [before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)]
            if last and j > 1 and (a, typed[i - 2]) == (meant[j - 2], b):
                steps.append(last[j - 2] + 1)
            row.append(min(steps))
    return row[-1]


def _is_near(name: str, known: str) -> bool:
    if len(known) < SHORT_NAME and len(name) == len(known):  # another letter makes the initials of somebody else
        return sorted(name) == sorted(known)
    return slips(name, known) <= (2 if len(known) >= LONG_NAME else 1)


def _may_be_meant(end: str, right: str, *, is_exact: bool, is_short: bool) -> bool:
    """Whether somebody who typed `end` may have meant `right`: the same, a slip of it, or another common one."""
    if end == right:
        return True
    is_slip = slips(end, right) == 1 and end not in ENDS
    if is_short and not is_exact:
        return False
    return is_slip or end in ENDS
