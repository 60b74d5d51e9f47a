"""The second factor: setting it up, seeing it, taking it away. allauth's views, with what our pages add."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from marche.accounts import second_factor
from marche.accounts.people import is_staff

AFTERWARDS = "second-factor-next"  # key of the session: the page one wanted to see before setting it up


class SecondStepView(AuthenticateView):
    """After the password: what this person has comes first."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = is_mfa_enabled(self.stage.login.user, [Authenticator.Type.TOTP])
        return {**super().get_context_data(**kwargs), "application": application}


@method_decorator(never_cache, name="dispatch")
class FactorsView(IndexView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        if wanted and url_has_allowed_host_and_scheme(wanted, None):
            request.session[AFTERWARDS] = wanted
        page: HttpResponse = super().get(request, *args, **kwargs)
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return {
            **super().get_context_data(**kwargs),
            "there": second_factor.has_one(user),
            "asked": settings.STAFF_SECOND_FACTOR and is_staff(user),
        }


@method_decorator(never_cache, name="dispatch")
class RecoveryCodesView(ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        afterwards = self.request.session.get(AFTERWARDS) or reverse("staff-home")
        return {**super().get_context_data(**kwargs), "afterwards": afterwards}


second_step = SecondStepView.as_view()
factors = FactorsView.as_view()
recovery_codes = RecoveryCodesView.as_view()
remove_passkey = RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))
