"""An address that was likely mistyped is asked about once."""

from __future__ import annotations

import pytest

from tests.orders.resident.checkout.forms import send_contact
from tests.pages import words

pytestmark = pytest.mark.django_db


class TestAnAddressThatWasLikelyMistyped:
    def test_is_asked_about_with_a_correction_of_one_tap(self, lea, basket):
        response = send_contact(lea, basket, email="lea@gmial.com")

        assert response.status_code == 200
        assert "gmial.com: did you mean gmail.com?" in words(response)
        assert 'name="email_instead" value="lea@gmail.com"' in response.content.decode()
        assert 'value="Léa Dumont"' in response.content.decode()

    def test_is_corrected_by_that_tap(self, lea, basket):
        answer = send_contact(
            lea, basket, email="lea@gmial.com", email_asked="lea@gmial.com", email_instead="lea@gmail.com"
        )

        basket.refresh_from_db()
        assert (answer.status_code, basket.email) == (302, "lea@gmail.com")

    def test_is_kept_when_it_is_right(self, lea, basket):
        answer = send_contact(lea, basket, email="lea@gmial.com", email_asked="lea@gmial.com")

        basket.refresh_from_db()
        assert (answer.status_code, basket.email) == (302, "lea@gmial.com")

    def test_is_not_asked_about_again_when_one_comes_back(self, lea, basket):
        send_contact(lea, basket, email="lea@gmial.com", email_asked="lea@gmial.com")

        assert send_contact(lea, basket, email="lea@gmial.com").status_code == 302

    def test_is_asked_about_when_it_is_another_one(self, lea, basket):
        assert send_contact(lea, basket, email="lea@orang.fr", email_asked="lea@gmial.com").status_code == 200

    def test_is_asked_about_together_with_what_is_wrong(self, lea, basket):
        response = send_contact(lea, basket, email="lea@gmial.com", name="")

        assert response.status_code == 422
        assert "did you mean gmail.com?" in words(response)

    def test_is_not_replaced_by_what_is_no_address(self, lea, basket):
        assert send_contact(lea, basket, email="lea@gmial.com", email_instead="a\r\nb").status_code == 422
