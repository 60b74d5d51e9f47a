"""What a browser finds wrong with a page, at each of the widths that we promise."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SMALL = {"width": 320, "height": 700}
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
DESK = {"width": 1280, "height": 900}
WIDTHS = (SMALL, TABLET, DESK)

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def faults(page: Page) -> list[str]:
    """What axe finds on the page that is open, at each width, and whether it must be scrolled sideways."""
    return [fault for viewport in WIDTHS for fault in faults_at(page, viewport)]


def faults_at(page: Page, viewport: dict[str, int]) -> list[str]:
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    where = f"{page.url} at {viewport['width']} px"
    found = [
        f"{where}: {fault['id']} {node['target']}"
        for fault in Axe().run(page).response["violations"]
        for node in fault["nodes"]
    ]
    return [*found, f"{where}: scrolls sideways"] if page.evaluate(WIDE) else found
