"""E-mail address and password: for staff. Residents have no password."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import User

from marche.accounts.people import users_of


class EmailBackend(AuthenticationBackend):
    """allauth's, which takes the same time for an address that nobody has; addresses are compared as everywhere here.

    allauth would look for small letters only, and also for addresses that somebody had before.
    """

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        found = (self._check_password(user, password) for user in users_of(email))
        return next((user for user in found if user), None)
