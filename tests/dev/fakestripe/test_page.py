"""The payment page, by plain HTTP."""

import pytest

from dev.fakestripe import FakeStripe
from tests.dev.fakestripe.shop import DECLINED, POOR, SECURE, VISA, Raw, opened, post


def status_of(fake: FakeStripe) -> tuple[str, int]:
    """Of the session, and how many payments hold money."""
    state = fake.state()
    held = [intent for intent in state["payment_intents"] if intent["status"] == "requires_capture"]
    return state["sessions"][0]["status"], len(held)


@pytest.fixture
def path(fake: FakeStripe) -> str:
    """Of a session with something to escape."""
    line = {"currency": "eur", "unit_amount": 1250, "product_data": {"name": "<b>Fèves</b>"}}
    return f"/c/pay/{opened(fake, line_items=[{'quantity': 2, 'price_data': line}]).id}"


def test_the_page_offers_the_cards_and_the_ways_out(fake: FakeStripe, path: str):
    page = Raw(fake, "GET", path)
    assert page.status == 200
    assert all(f'value="{card}"' in page.text for card in (VISA, DECLINED, POOR, SECURE))
    assert all(f'id="{button}"' in page.text for button in ("pay", "pay-and-close", "back"))
    assert 'href="http://127.0.0.1:8000/basket/"' in page.text
    assert "25,00\u00a0€" in page.text
    assert "&lt;b&gt;Fèves" in page.text
    assert "<script" not in page.text


def test_paying_leads_back_to_the_market(fake: FakeStripe, path: str):
    answer = post(fake, f"{path}/pay", card=VISA)
    session = path.rpartition("/")[2]
    assert (answer.status, answer.headers["Location"]) == (303, f"http://127.0.0.1:8000/paid/?session={session}")
    assert status_of(fake) == ("complete", 1)


def test_the_tab_is_closed_after_paying(fake: FakeStripe, path: str):
    answer = post(fake, f"{path}/pay-and-close", card=VISA)
    assert (answer.status, answer.headers["Location"]) == (200, None)
    assert status_of(fake) == ("complete", 1)


@pytest.mark.parametrize(("card", "words"), [(DECLINED, "a été refusée."), (POOR, "provision insuffisante")])
def test_a_declined_card_is_told_and_another_may_follow(fake: FakeStripe, path: str, card: str, words: str):
    answer = post(fake, f"{path}/pay", card=card)
    assert answer.status == 402
    assert words in answer.text.partition('role="alert"')[2].partition("</p>")[0]
    assert status_of(fake) == ("open", 0)
    assert post(fake, f"{path}/pay", card=VISA).status == 303


def test_the_bank_is_convinced(fake: FakeStripe, path: str):
    question = post(fake, f"{path}/pay", card=SECURE)
    assert 'id="accept"' in question.text
    assert status_of(fake) == ("open", 0)
    assert post(fake, f"{path}/accept", card=SECURE, closing="").status == 303
    assert status_of(fake) == ("complete", 1)


def test_the_tab_is_closed_after_the_banks_question(fake: FakeStripe, path: str):
    assert 'value="yes"' in post(fake, f"{path}/pay-and-close", card=SECURE).text
    assert post(fake, f"{path}/accept", card=SECURE, closing="yes").status == 200
    assert status_of(fake) == ("complete", 1)


def test_the_bank_is_not_convinced(fake: FakeStripe, path: str):
    post(fake, f"{path}/pay", card=SECURE)
    answer = post(fake, f"{path}/refuse", card=SECURE)
    assert (answer.status, "authentification a échoué" in answer.text) == (402, True)
    assert status_of(fake) == ("open", 0)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_serves_once(fake: FakeStripe, path: str, method: str):
    post(fake, f"{path}/pay", card=VISA)
    assert Raw(fake, method, path).status == 410
    assert post(fake, f"{path}/pay", card=VISA).status == 410
    assert status_of(fake) == ("complete", 1)


def test_a_page_expires_with_its_session(fake: FakeStripe, path: str):
    fake.advance(24 * 3600)
    assert post(fake, f"{path}/pay", card=VISA).status == 410
    assert status_of(fake) == ("expired", 0)


@pytest.mark.parametrize(
    ("method", "end", "status"),
    [("GET", "/pay", 405), ("POST", "/steal", 405), ("POST", "/pay", 402), ("GET", "0", 404), ("GET", "/a/b", 404)],
)
def test_other_requests_lead_nowhere(fake: FakeStripe, path: str, method: str, end: str, status: int):
    assert Raw(fake, method, f"{path}{end}").status == status
    assert status_of(fake) == ("open", 0)
