"""What is counted stays counted when many try in the same moment."""

from __future__ import annotations

from functools import partial

import pytest
from django.contrib.auth.models import User

from marche.accounts.actions.prove_code import prove_code
from marche.accounts.actions.send_code import LIMITS, send_code
from marche.accounts.models import MAX_TRIES, SignInCode
from marche.accounts.refusals import CodeRefused, TooManyCodes
from tests.accounts.doors import LEA
from tests.races.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

MANY = 8


def test_eight_wrong_codes_at_once_are_five_tries():
    code = send_code(LEA, language="fr")
    refused = together(*[partial(prove_code, code.pk, typed="no") for _each in range(MANY)])

    assert all(isinstance(answer, CodeRefused) for answer in refused)
    assert SignInCode.objects.get().tries == MAX_TRIES
    assert len({answer.sentences[0] for answer in refused}) == MAX_TRIES + 1


def test_the_right_code_eight_times_at_once_signs_in_once():
    code = send_code(LEA, language="fr")
    answers = together(*[partial(prove_code, code.pk, typed=code.code) for _each in range(MANY)])

    assert [type(answer) for answer in answers].count(User) == 1


def test_eight_requests_at_once_are_five_mails():
    answers = together(*[partial(send_code, LEA, language="fr") for _each in range(MANY)])

    assert [type(answer) for answer in answers].count(TooManyCodes) == MANY - LIMITS[0][0]


def test_two_codes_of_one_new_address_make_one_account():
    codes = [send_code(LEA, language="fr") for _each in range(4)]
    users = together(*[partial(prove_code, code.pk, typed=code.code) for code in codes])

    assert {user.pk for user in users} == {User.objects.get().pk}
