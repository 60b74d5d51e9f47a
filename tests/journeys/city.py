"""A city on its Tuesday, served for real."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from playwright.sync_api import Page

from marche.markets.models import MarketDay

PASSWORD = "a long password"


@dataclass
class City:
    """The address of the site, and the day whose orders are open."""

    url: str
    day: MarketDay

    def sign_in(self, page: Page, user: User) -> None:
        page.goto(f"{self.url}/connexion/")
        page.locator("#id_username").fill(user.email)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main form button").click()
        page.wait_for_url(lambda url: "/connexion/" not in url)
