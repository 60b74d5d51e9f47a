"""A producer at the stall, with a phone: find, tick, be paid; and the resident's ticket follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.axe import PHONE
from tests.journeys.city import City

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

# A phone that reads QR codes: this Chromium has no BarcodeDetector, and no camera. The code is read at the second look.
A_PHONE_THAT_READS = """
let looks = 0;
window.BarcodeDetector = class {
  static getSupportedFormats = async () => ["qr_code"];
  detect = async () => ++looks > 1 ? [{ rawValue: "%s" }] : [];
};
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => {
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 10, 10);
  return canvas.captureStream();
} } });
"""
A_PHONE_WITHOUT_CAMERA = """
window.BarcodeDetector = class { static getSupportedFormats = async () => ["qr_code"]; };
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => { throw new Error("no"); } } });
"""


@pytest.fixture
def orders(beauvais: City) -> Iterator[list[Pickup]]:
    """Léa's carrots and honey, Odette's chicken, on the market day at nine."""
    carrots, chicken, honey = Listing.objects.order_by("pk")
    placed = [cast.placed_order({carrots: 3, honey: 1}), cast.placed_order({chicken: 1}, **cast.ODETTE)]
    with time_machine.travel(cast.NINE, tick=True):
        yield placed


@pytest.fixture
def stall(beauvais: City, orders: list[Pickup], visit: Callable[..., Page]) -> Callable[..., Page]:
    """The farm's phone, signed in, at its stall."""

    def opened(script: str = "", **options: bool) -> Page:
        page = visit(PHONE, **options)
        if script:
            page.add_init_script(script)
        beauvais.sign_in(page, User.objects.get(email="ferme-du-ru-member@example.org"))
        page.goto(f"{beauvais.url}/producteur/")
        page.locator("a[href$='/etal/']").click()
        return page

    return opened


def find(page: Page, what: str) -> None:
    page.locator("#q").fill(what)
    page.locator("#q").press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_an_order_is_found_ticked_and_paid_by_cheque(stall, orders, scripts):
    page = stall(java_script_enabled=scripts)
    find(page, "dumont")
    expect(page.locator("#id_amount")).to_have_value("5,63")
    page.locator("button[value=cheque]").first.click()

    expect(page.locator(".flash .note--success")).to_contain_text("Léa Dumont")
    expect(page.locator(".stall__done")).to_contain_text("1")
    expect(page.locator(".stall__no")).to_have_text(["2"])
    part = orders[0].parts.get(producer__slug="ferme-du-ru")
    assert (part.paid_means, part.paid_cents) == ("cheque", 563)


def test_a_weighed_piece_is_paid_by_its_weight(stall, orders):
    page = stall()
    find(page, "2")
    page.locator("#id_amount").fill("99")
    page.locator("button[value=cash]").first.click()
    expect(page.locator(".flash .note--error")).to_contain_text("17,64")
    expect(page.locator("#id_amount")).to_have_value("99")
    page.locator("#id_amount").fill("16,20")
    page.locator("button[value=cash]").first.click()
    expect(page.locator(".stall__done")).to_contain_text("1")

    assert orders[1].parts.get().paid_cents == 1620


def test_a_mistake_is_put_right(stall, orders):
    page = stall()
    find(page, "2")
    page.locator("button[value=cash]").first.click()
    find(page, "2")
    page.locator("summary").last.click()
    page.locator("form[action$='/reprendre/'] button").click()

    expect(page.locator("#id_amount")).to_be_visible()
    assert orders[1].parts.get().paid_cents is None


def test_a_ticket_is_scanned(stall, orders):
    page = stall(A_PHONE_THAT_READS % orders[1].url)
    page.locator("[data-scan]").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Odette Caron")


def test_a_camera_that_does_not_answer_leaves_the_field(stall):
    page = stall(A_PHONE_WITHOUT_CAMERA)
    page.locator("[data-scan]").click()
    expect(page.locator("[data-scan-says]")).to_have_text(
        page.locator("[data-scan-says]").get_attribute("data-refused") or "?"
    )
    page.locator("dialog button").click()
    find(page, "2")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Odette Caron")


def test_without_a_reader_there_is_no_button_for_one(stall):
    expect(stall().locator("[data-scan]")).to_be_hidden()


def test_the_resident_s_ticket_shows_which_stall_is_done(stall, orders, visit):
    resident = visit(PHONE)
    resident.goto(orders[0].url)
    expect(resident.locator(".is-done")).to_have_count(0)
    page = stall()
    find(page, "1")
    page.locator("button[value=cash]").first.click()
    expect(page.locator(".stall__done")).to_contain_text("1")
    resident.reload()

    expect(resident.locator(".is-done h3")).to_have_text(["La Ferme du Ru"])


def test_a_ticket_read_by_the_phone_s_own_camera_leads_to_the_stall(stall, orders):
    """As iPhones do, which have no reader in the browser."""
    page = stall()
    page.goto(orders[0].url)
    page.locator("a[href*='/etal/']").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Léa Dumont")
