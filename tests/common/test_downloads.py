"""The names under which files are saved."""

import pytest

from marche.common.downloads import PDF, file_response
from marche.common.text import file_slug


def test_a_plain_name_is_said_once():
    response = file_response(b"%PDF", "billet-12.pdf", PDF, inline=True)

    assert response["Content-Disposition"] == 'inline; filename="billet-12.pdf"'


def test_a_name_with_other_letters_is_said_in_them_and_in_plain_ones():
    response = file_response(b"%PDF", "récapitulatif-cœur.pdf", PDF)

    assert response["Content-Disposition"] == (
        "attachment; filename=\"recapitulatif-coeur.pdf\"; filename*=UTF-8''r%C3%A9capitulatif-c%C5%93ur.pdf"
    )


@pytest.mark.parametrize("name", ['a"b.pdf', "a\\b.pdf"])
def test_a_name_cannot_end_its_quotes(name):
    assert 'filename="ab.pdf"' in file_response(b"", name, PDF)["Content-Disposition"]


def test_a_file_keeps_the_letters_of_a_name():
    assert file_slug("Les Œufs du Cœur, à l’Épine") == "les-œufs-du-cœur-à-lépine"
