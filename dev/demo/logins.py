"""Who can sign in to the demo. Nothing here needs Django, so that `make run` can print it."""

from typing import NamedTuple


class Login(NamedTuple):
    """`path` is the first page of the role."""

    role: str
    email: str
    password: str
    path: str


PASSWORD = "marche-demo-beauvais"  # noqa: S105  (of every demo user; never made anywhere else)

PRODUCER_EMAIL = "camille.delattre@example.org"  # of stall 1; each file of data/ names its own member
MANAGER_EMAIL = "claire.moreau@example.org"
ADMINISTRATOR_EMAIL = "administration@example.org"
RESIDENT_EMAIL = "odette.caron@example.org"  # ordered last week; signs in with a code, without a password

LOGINS: list[Login] = [
    Login("producer", PRODUCER_EMAIL, PASSWORD, "/producteur/"),
    Login("manager", MANAGER_EMAIL, PASSWORD, "/gestion/"),
    Login("administrator", ADMINISTRATOR_EMAIL, PASSWORD, "/administration/"),
]
