"""Slips in the domains that most people have are noticed; what may well be right is not questioned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marche.common.mail_domains import OTHERS, PROVIDERS, likely_address, likely_domain, slips


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.cm", "gmail.com"),
        ("gmail.fr", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("orange.com", "orange.fr"),
        ("orange.f", "orange.fr"),
        ("ornage.fr", "orange.fr"),
        ("orang.fr", "orange.fr"),
        ("wandoo.fr", "wanadoo.fr"),
        ("wanado.fr", "wanadoo.fr"),
        ("free.com", "free.fr"),
        ("fee.fr", "free.fr"),
        ("laposte.fr", "laposte.net"),
        ("lapost.net", "laposte.net"),
        ("sfr.rf", "sfr.fr"),
        ("hotmial.com", "hotmail.com"),
        ("hotmial.fr", "hotmail.fr"),
        ("hotmal.con", "hotmail.com"),
        ("otmail.fr", "hotmail.fr"),
        ("outlok.fr", "outlook.fr"),
        ("outllok.com", "outlook.com"),
        ("yaho.fr", "yahoo.fr"),
        ("yahou.com", "yahoo.com"),
        ("iclod.com", "icloud.com"),
        ("icloud.fr", "icloud.com"),
        ("livre.fr", "live.fr"),
        ("box.fr", "bbox.fr"),
        ("numericabel.fr", "numericable.fr"),
        ("neuf.com", "neuf.fr"),
        ("aol.cmo", "aol.com"),
    ],
)
def test_a_slip_is_noticed(typed, meant):
    assert likely_domain(typed) == meant


@pytest.mark.parametrize(
    "domain", [f"{name}.{end}" for name, ends in PROVIDERS.items() for end in ends] + sorted(OTHERS)
)
def test_a_domain_that_gives_addresses_is_not_questioned(domain):
    assert likely_domain(domain) == ""


@pytest.mark.parametrize(
    "domain",
    [
        "beauvais.fr", "example.org", "hotmail.be", "yahoo.co.uk", "outlook.es", "edf.fr", "sncf.fr", "ac-amiens.fr",
        "oise.gouv.fr",
        "ville-beauvais.fr", "gmail", "", ".", "com", "mairie-free.fr", "sar.fr", "afr.com", "student.free.fr",
    ],
)  # fmt: skip
def test_another_domain_is_not_questioned(domain):
    assert likely_domain(domain) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Odette.Caron@Gmial.COM", "Odette.Caron@gmail.com"),
        (" odette@gmial.com ", "odette@gmail.com"),
        ("odette@gmail.com", ""),
        ("gmial.com", ""),
        ("@gmial.com", ""),
        ("", ""),
    ],
)
def test_the_address_that_was_meant_keeps_what_stands_before_the_at(typed, meant):
    assert likely_address(typed) == meant


@pytest.mark.parametrize(
    ("a", "b", "count"),
    [("", "", 0), ("a", "", 1), ("gmial", "gmail", 1), ("gmail", "gmail", 0), ("abc", "cab", 2), ("ca", "abc", 3)],
)
def test_slips_are_counted(a, b, count):
    assert slips(a, b) == slips(b, a) == count


@given(st.emails())
def test_what_is_asked_is_not_questioned_again(address):
    meant = likely_address(address)
    assert meant == "" or likely_address(meant) == ""
