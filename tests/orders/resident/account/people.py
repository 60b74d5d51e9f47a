"""Residents with an account, their browsers and their orders."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from orders.models import Pickup
from tests import cast


def account_of(email: str, *, proven: bool = True) -> User:
    """An account without a password, as the code of a mail makes it."""
    user = User(username=email, email=email)
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=proven, primary=True)
    return user


def browser_of(user: User) -> Client:
    """Signed in, reading English."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(user)
    return client


def ordered_by(user: User | None, basket, **changes) -> Pickup:
    return cast.order(basket, account_id=user and user.pk, **changes)
