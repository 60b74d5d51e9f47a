"""Names as people write them pass; what would speak in the market's name does not."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from marche.common.names import LONGEST, clean_line, first_name, has_address, is_nobody, shown_name

NAMES = [
    "Léa Dumont", "Anne-Cœur d’Hœuvre", "Jeanne d'Arc", "Nguyễn Thị Mai", "王小明", "محمد بن سلمان", "Ναυσικά",
    "Zoë O'Neill",
    "M. l’abbé Pierre", "Mme.De La Tour", "J.-P. Martin", "M.Dupont", "Jean.Dupont",
    "St.Jean", "Famille Caron 3", "Ólafur Þór",
    "नेहा शर्मा", "می‌خواهم", "Zoé “Zozo” 🥕 <script>alert(1)</script>", "Chantal (voisine)",
    "A. B.", "Ly", "P. Me", "François/Odile",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_as_it_was_typed(name):
    assert clean_line(name) == shown_name(name) == name
    assert not has_address(name)
    assert not is_nobody(name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Léa\r\nBcc: x", "Léa Bcc: x"),
        ("Léa\u2028\u2029\x0b\x85Dumont", "Léa Dumont"),
        ("  Léa\u00a0\u202f\u3000 Dumont ", "Léa Dumont"),
        ("\u202eLéa\u202c \u2066Dumont\u2069", "Léa Dumont"),
        ("Lé\u200ba\ufeff Du\u00admont\x00\x07", "Léa Dumont"),
        ("Le\u0301a", "Léa"),
        ("Léa\ue000\U000e0041", "Léa"),
        ("Z\u0335\u0321\u0322\u0327\u0328\u0334e", "Z\u0335\u0334\u0321e"),
    ],
)
def test_what_cannot_be_seen_goes(typed, kept):
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", " ", "\u200b", "\u200b\u2060\ufeff", "\u202e\u202c", "\xa0\u202f", "\u3164", "\u2800", "...", "42", "🥕"]
)  # fmt: skip
def test_a_name_without_a_letter_is_nobody(typed):
    assert is_nobody(clean_line(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "Gagnez http://evil.example/x", "https://a.b", "www.evil.example", "evil.com",
        "Voir evil.fr/gagner !", "bit.ly/abc",
        "lea@example.org", "Écrivez à a@b.c", "mailto:a",
        "Votre compte : login.banque.top", "evil。com",
        "evil．com", "JAVASCRIPT:alert(1)",
        "Appelez le 0899 12 34 56", "xn--vil-8oa.xn--p1ai", "ｅｖｉｌ.com", "(evil.org)", "tel:15",
    ],
)  # fmt: skip
def test_an_address_or_a_number_is_no_name(typed):
    assert has_address(typed)
    assert not has_address(shown_name(typed))


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("Léa\r\nCliquez ici", "Léa Cliquez ici"),
        ("Gagnez sur http://evil.com/x?a=1", "Gagnez sur http evil com x a 1"),
        ("a" * 200, "a" * LONGEST),
        ("\u200b", "(no name)"),
        ("", ""),
        ("  Léa  ", "Léa"),
    ],
)
def test_a_name_that_was_kept_before_is_shown_safely(kept, shown):
    with translation.override("en"):
        assert shown_name(kept) == shown


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Léa Dumont", "Léa"),
        ("Mme Jeanne d'Arc", "Jeanne"),
        ("Madame Jeanne d’Arc", "Jeanne"),
        ("Mme d’Arc", "d’Arc"),
        ("M. Dupont", "Dupont"),
        ("M.Dupont", "Dupont"),
        ("M Jean Dupont", "Jean"),
        ("Mr. Jean-Pierre Caron", "Jean-Pierre"),
        ("MME ODETTE CARON", "ODETTE"),
        ("Mlle Zoë", "Zoë"),
        ("Dr Anne Petit", "Anne"),
        ("Mme le Dr Petit", "le"),
        ("Me Dupond-Moretti", "Dupond-Moretti"),
        ("Maître Caron", "Caron"),
        ("M. et Mme Caron", "Caron"),
        ("Monsieur & Madame Caron", "Caron"),
        ("Mme de La Tour", "de La Tour"),
        ("Mme De la Tour du Pin", "De la Tour"),
        ("M. van der Berg", "van der Berg"),
        ("El Mehdi Alaoui", "El Mehdi"),
        ("Le Thi Mai", "Le"),
        ("DUPONT Marie", "DUPONT"),
        ("Dupont, Marie", "Dupont"),
        ("J. Dupont", "J. Dupont"),
        ("J.-P. Martin", "J.-P. Martin"),
        ("(Chantal)", "Chantal"),
        ("Mme", "Mme"),
        ("M.", "M."),
        ("Merlin", "Merlin"),
        ("Mia", "Mia"),
        ("王小明", "王小明"),
        ("محمد بن سلمان", "محمد"),
        ("", ""),
    ],
)
def test_somebody_is_called_by_the_first_name_and_no_more(name, called):
    assert first_name(name) == called


@given(st.text(max_size=120))
def test_whatever_was_kept_is_shown_on_one_line_without_a_link(kept):
    shown = shown_name(kept)
    assert shown.splitlines() in ([], [shown])
    assert clean_line(shown) == shown
    assert not has_address(shown)
    assert bool(shown) == bool(kept)
    assert len(first_name(kept)) <= max(len(shown), 1)
