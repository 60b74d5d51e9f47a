"""For administrators: the town's own texts, in place of those that are shipped."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.flatpages.models import FlatPage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marche.common.administration import Written
from marche.views import PAGES


class TextForm(forms.ModelForm):
    """A text at one of the addresses that the site has; each has one at most."""

    url = forms.ChoiceField(label=_("which text"), choices=lambda: [(url, url) for url in addresses()])

    class Meta:
        model = FlatPage
        fields = ("url", "title", "content")

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if FlatPage.objects.filter(url=url).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This text is written already: change that one."))
        return url


def addresses() -> list[str]:
    return [reverse("page", args=[slug]) for slug in PAGES]


@admin.register(FlatPage)
class TextAdmin(Written):
    """Plain paragraphs, shown escaped. Deleting one brings the shipped text back."""

    form = TextForm
    list_display = ["url", "title"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Of the one site there is."""
        super().save_related(request, form, formsets, change)
        form.instance.sites.set([settings.SITE_ID])
