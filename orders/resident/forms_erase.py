"""What a person types before its data is erased."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from marche.common.text import fold


class EraseForm(forms.Form):
    """The word that nobody types by mistake; capitals and accents do not count."""

    word = forms.CharField(
        max_length=40,
        error_messages={"required": _("Write the word that is asked, to confirm.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].label = _("To confirm, write %(word)s") % {"word": wanted_word()}

    def clean_word(self) -> str:
        typed: str = self.cleaned_data["word"]
        if fold(typed) != fold(wanted_word()):
            raise forms.ValidationError(_("This is not the word: nothing was erased."), code="another-word")
        return typed


def wanted_word() -> str:
    return pgettext("word to type", "ERASE")
