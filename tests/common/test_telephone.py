"""Telephone numbers of all of France, in every form in which people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumber_field.phonenumber import PhoneNumber

from marche.common.telephone import digits_to_find, phone, phone_link, phone_on_a_line, read_number

NBSP = "\xa0"


def read(typed):
    number = read_number(typed)
    return str(number.as_e164) if number else None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0612345678", "+33612345678"),
        ("03 53 01 02 03", "+33353010203"),
        ("06 39 98 01 02", "+33639980102"),
        ("0262 41 12 34", "+262262411234"),
        ("0263 01 12 34", "+262263011234"),
        ("0692 12 34 56", "+262692123456"),
        ("06 93 12 34 56", "+262693123456"),
        ("0269 61 12 34", "+262269611234"),
        ("0639 12 34 56", "+262639123456"),
        ("06 39 69 12 34", "+262639691234"),
        ("0590 41 12 34", "+590590411234"),
        ("0690 35 12 34", "+590690351234"),
        ("0691 12 34 56", "+590691123456"),
        ("05 96 60 12 34", "+596596601234"),
        ("0696 12 34 56", "+596696123456"),
        ("0697 12 34 56", "+596697123456"),
        ("0594 30 12 34", "+594594301234"),
        ("0694 20 12 34", "+594694201234"),
        ("0508 41 12 34", "+508411234"),
        ("05 08 55 12 34", "+508551234"),
        ("41 12 34", "+508411234"),
        ("55 12 34", "+508551234"),
    ],
)
def test_a_number_of_any_part_of_france_is_read_as_one_dials_it_there(typed, kept):
    assert read(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "06\xa012\xa034\xa056\xa078",
        "06\u202f12\u202f34\u202f56\u202f78",
        "06\u200912\u200a34\u300056\u206078",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06–12—34‑56−78",
        "06/12/34/56/78",
        "(06) 12 34 56 78",
        "06,12,34,56,78",
        "06_12_34_56_78",
        "\u202a06 12 34 56 78\u202c",
        "\ufeff06 12 34 56 78\r\n",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "+33(0)612345678",
        "(+33) 6 12 34 56 78",
        "+33 06 12 34 56 78",
        "0033 6 12 34 56 78",
        "0033 (0)6 12 34 56 78",
        "00 33 6 12 34 56 78",
        "33 6 12 34 56 78",
        "\uff10\uff16 12 34 56 78",
        "٠٦ ١٢ ٣٤ ٥٦ ٧٨",
        "Tél. : 06 12 34 56 78",
        "tel:+33612345678",
    ],
)
def test_signs_between_the_digits_do_not_count(typed):
    assert read(typed) == "+33612345678"


@pytest.mark.parametrize(
    "typed",
    [
        "+262 692 12 34 56",
        "+262 (0)692 12 34 56",
        "00262 692 12 34 56",
        "262 692 12 34 56",
        "+33 692 12 34 56",
        "0033 (0)692 12 34 56",
        "0692\u202f12\u202f34\u202f56",
    ],
)
def test_a_number_of_la_reunion_is_the_same_whatever_stands_before_it(typed):
    assert read(typed) == "+262692123456"


@pytest.mark.parametrize("typed", ["+508 41 12 34", "+508 0508 41 12 34", "00508 41 12 34", "+33 508 41 12 34"])
def test_a_number_of_saint_pierre_et_miquelon_has_six_digits(typed):
    assert read(typed) == "+508411234"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+32 475 12 34 56", "+32475123456"), ("0032 475 12 34 56", "+32475123456"), ("+49 30 901820", "+4930901820")],
)
def test_a_number_of_elsewhere_needs_its_country_code(typed, kept):
    assert read(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "12", "112233", "06 12 34 56", "06 12 34 56 78 9", "06 12 34 56 78 / 06 12 34 56 79", "+", "+33",
        "06+12345678", "++33612345678", "06 12 34 56 78 poste 12", "lea@example.org", "+262 612 34 56 78", "0" * 300,
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(typed):
    assert read(typed) is None


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+33612345678", "06 12 34 56 78"),
        ("+33353010203", "03 53 01 02 03"),
        ("+33639980102", "06 39 98 01 02"),
        ("+262692123456", "0692 12 34 56"),
        ("+262639123456", "0639 12 34 56"),
        ("+590690351234", "0690 35 12 34"),
        ("+596596601234", "0596 60 12 34"),
        ("+594694201234", "0694 20 12 34"),
        ("+508411234", "0508 41 12 34"),
        ("+32475123456", "+32 475 12 34 56"),
        ("+4930901820", "+49 30 901820"),
        ("03 53 01 02 03", "03 53 01 02 03"),
        ("0692123456", "0692 12 34 56"),
    ],
)
def test_a_number_is_shown_as_one_dials_it_in_france_else_with_its_country_code(number, shown):
    assert phone(number) == phone(PhoneNumber.from_string(number)) == shown


def test_on_a_page_no_line_is_broken_in_the_middle_of_a_number():
    assert phone_on_a_line("+33612345678") == f"06{NBSP}12{NBSP}34{NBSP}56{NBSP}78"


@pytest.mark.parametrize("text", ["3949", "à la mairie", "06 12"])
def test_what_is_no_number_is_shown_as_it_was_written(text):
    assert phone(text) == text


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_is_shown_of_no_number(nothing):
    assert phone(nothing) == ""


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("0692 12 34 56", "tel:+262692123456"),
        ("03.53.01.02.03", "tel:+33353010203"),
        ("+32 475 12 34 56", "tel:+32475123456"),
        ("39 49", "tel:3949"),
    ],
)
def test_a_link_dials_the_same_number_from_anywhere(number, link):
    assert phone_link(number) == link


@pytest.mark.parametrize(
    ("query", "digits"),
    [("06 12 34 56 78", "+33612345678"), ("12 34 56", "123456"), ("06 12 34", "61234"), ("12345", ""), ("Léa", "")],
)
def test_a_part_of_a_number_is_looked_for_by_its_digits(query, digits):
    assert digits_to_find(query) == digits


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_number_or_none(typed):
    number = read_number(typed)
    assert number is None or read_number(phone(number)) == number


@given(st.from_regex(r"0[1-9]\d{8}", fullmatch=True))
def test_a_number_that_is_shown_is_read_as_the_same(typed):
    number = read_number(typed)
    assert number is None or read_number(phone(number)) == number
