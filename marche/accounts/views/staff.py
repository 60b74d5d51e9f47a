"""The staff's door: address and password. What comes after, the second factor, is allauth's."""

from __future__ import annotations

from allauth.account.views import LoginView
from allauth.core.ratelimit import respond_429
from django.http import HttpResponse

from marche.accounts.forms import SignInForm


class SignInView(LoginView):
    template_name = "sign_in.html"
    form_class = SignInForm

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        refused: HttpResponse = respond_429(self.request) if form.is_throttled() else super().form_invalid(form)
        return refused


sign_in = SignInView.as_view()
