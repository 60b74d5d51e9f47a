"""Telephone numbers: read in any form in which people write them, written in one.

In France's numbering plan the overseas parts are dialled with ten digits, as all others are, and have country codes
of their own: 0692 12 34 56 is +262 692 12 34 56 (Arcep, décision 2018-0881, annexe 1).
"""

from __future__ import annotations

import unicodedata

import phonenumbers
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException, PhoneNumberFormat

from marche.common.wording import NBSP

METROPOLE = 33
# The first digits after the 0, by country code.
OVERSEAS = {
    262: ("262", "263", "269", "639", "692", "693"),  # La Réunion, Mayotte
    508: ("508", "708"),  # Saint-Pierre-et-Miquelon
    590: ("590", "690", "691"),  # Guadeloupe, Saint-Martin, Saint-Barthélemy
    594: ("594", "694"),  # Guyane
    596: ("596", "696", "697"),  # Martinique
}
OF_FICTION = "63998"  # kept by the Arcep for films, as of metropolitan France
_CODE_OF = {prefix: code for code, prefixes in OVERSEAS.items() for prefix in prefixes}
_PRINTED = {"Z", "P", "C", "S"}  # kinds of signs that stand between digits: spaces of any width, dots, dashes, slashes
SHORTEST_PART = 6  # digits, below which a piece of a number is found in too many
LAST_DIGITS = 4  # so many people tell of their number


def read_number(typed: object) -> PhoneNumber | None:
    """The number that somebody typed, of France and its overseas parts as one dials it there; None if it is none.

    A number of elsewhere needs its country code, after "+" or "00". "(0)" after a country code is left out.
    """
    digits, is_international = _digits(str(typed))
    try:
        number = phonenumbers.parse(f"+{digits}" if is_international else digits, "FR")
    except NumberParseException:
        return None
    number = _at_home(number, digits)
    if not (_is_overseas(number) or _is_of_fiction(number) or phonenumbers.is_valid_number(number)):
        return None
    return PhoneNumber.from_string(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def phone(number: object) -> str:
    """A number as it is read aloud: "06 12 34 56 78", "0692 12 34 56", with its country code from elsewhere.

    What is no number stays as it was typed.
    """
    if not number:
        return ""
    found = read_number(_written(number))
    if found is None:
        return str(number)
    if found.country_code in OVERSEAS:
        digits = f"0{_national(found)}"
        return " ".join((digits[:4], digits[4:6], digits[6:8], digits[8:]))
    is_ours = found.country_code == METROPOLE
    return str(found.as_national if is_ours else found.as_international)


def phone_on_a_line(number: object) -> str:
    """The same for a page or a mail: no line is broken in the middle of it."""
    return phone(number).replace(" ", NBSP)


def phone_link(number: object) -> str:
    """What a telephone dials from anywhere: "tel:+33612345678"."""
    found = read_number(_written(number))
    return f"tel:{found.as_e164 if found else ''.join(c for c in str(number) if c.isdigit())}"


def digits_to_find(query: str) -> str:
    """What the stored form (E.164) of the numbers holds that somebody looks for by a part of one; "" if it is none."""
    digits, _is_international = _digits(query)
    number = read_number(query)
    if number and len(digits) > SHORTEST_PART:  # six may be all of a number of Saint-Pierre, or the end of any other
        return str(number.as_e164)
    return digits.lstrip("0") if len(digits) >= SHORTEST_PART else ""


def last_digits_to_find(query: str) -> str:
    """The last four digits of a number, where somebody typed these and nothing else; "" otherwise."""
    digits, is_international = _digits(query)
    is_all = query.strip()[:1].isdecimal() and not is_international
    return digits if is_all and len(digits) == LAST_DIGITS else ""


def _written(number: object) -> str:
    return str(number.as_e164) if isinstance(number, PhoneNumber) and number.country_code else str(number)


def _digits(typed: str) -> tuple[str, bool]:
    """(digits, whether they begin with a country code); no digits when something else than a number was typed."""
    text = unicodedata.normalize("NFKC", typed)
    text = text[next((at for at, c in enumerate(text) if c == "+" or c.isdecimal()), len(text)) :]  # "Tél. : 03 …"
    signs = [c for c in text if not c.isdecimal()]
    if any(unicodedata.category(c)[0] not in _PRINTED for c in signs):
        return "", False
    digits = "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())
    if "+" in signs:
        return (digits if text.startswith("+") and signs.count("+") == 1 else ""), True
    return (digits[2:], True) if digits.startswith("00") else (digits, False)


def _at_home(number: phonenumbers.PhoneNumber, digits: str) -> phonenumbers.PhoneNumber:
    """The same under the country code it has: what is dialled as if it were of metropolitan France may be overseas."""
    national = str(number.national_number)
    if number.country_code == METROPOLE:
        if len(national) == 9 and not _is_of_fiction(number) and (code := _CODE_OF.get(national[:3])):
            return _of(code, national)
        if len(digits) == 6 and _is_of_saint_pierre(digits):
            return _of(508, digits)
        if len(digits) > 9 and int(digits[:3]) in OVERSEAS:  # its country code, without the plus
            return _of(int(digits[:3]), digits[3:])
    if number.country_code in OVERSEAS:
        return _of(number.country_code or 0, national)
    return number


def _of(code: int, national: str) -> phonenumbers.PhoneNumber:
    """Saint-Pierre-et-Miquelon has six digits; from elsewhere in France 0508 stands before them."""
    if code == 508 and len(national) == 9 and national.startswith("508"):
        national = national[3:]
    return phonenumbers.PhoneNumber(country_code=code, national_number=int(national))


def _is_overseas(number: phonenumbers.PhoneNumber) -> bool:
    """Whether the plan has it, whoever it was given to: ranges are opened faster than libraries learn of them."""
    national = str(number.national_number)
    if number.country_code == 508 and _is_of_saint_pierre(national):
        return True
    return len(national) == 9 and national.startswith(OVERSEAS.get(number.country_code or 0, ("-",)))


def _is_of_fiction(number: phonenumbers.PhoneNumber) -> bool:
    national = str(number.national_number)
    return number.country_code == METROPOLE and len(national) == 9 and national.startswith(OF_FICTION)


def _is_of_saint_pierre(digits: str) -> bool:
    return len(digits) == 6 and digits[0] in "45"


def _national(number: PhoneNumber) -> str:
    """Nine digits, as they are dialled after the 0."""
    national = str(number.national_number)
    return f"508{national}" if len(national) == 6 else national
