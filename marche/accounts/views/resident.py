"""The residents' door: an address, then the code that was sent to it. Known and unknown addresses go the same way."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.ratelimit import consume_or_429
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marche.accounts.actions.prove_code import prove_code
from marche.accounts.actions.send_code import send_code
from marche.accounts.forms import AddressForm, CodeForm
from marche.accounts.models import CODE_LIFE, SignInCode
from marche.accounts.refusals import CodeRefused, TooManyCodes
from marche.accounts.views.throttled import too_many_requests
from marche.common.flash import refuse_form
from marche.common.mail_question import question_about, with_answer

CODE, NEXT = "sign-in-code", "sign-in-next"  # keys of the session
WAITING_SECONDS = 3600  # how long a session lives that nobody has signed in with


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_code(request: HttpRequest) -> HttpResponse:
    """Ask for the address, once more where it was likely mistyped; send it a code."""
    next_url = _next_url(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_url or reverse("staff-home"))
    form = AddressForm(with_answer(request.POST) or None)
    question = question_about(form.cleaned_data["email"], request.POST) if form.is_valid() else None
    if question or not form.is_valid():
        context = {"form": form, "next": next_url, "question": question}
        return render(request, "accounts/ask_code.html", context, status=422 if form.errors else 200)
    refused: HttpResponse | None = consume_or_429(request, action="request_login_code")
    if refused:
        return refused
    try:
        code = send_code(form.cleaned_data["email"], language=get_language() or "fr")
    except TooManyCodes as refusal:
        return too_many_requests(request, until=refusal.until)
    request.session[CODE], request.session[NEXT] = code.pk, next_url
    request.session.set_expiry(WAITING_SECONDS)
    return redirect("resident-sign-in-code")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent; with it, one is in."""
    code = SignInCode.objects.filter(pk=request.session.get(CODE, 0)).first()
    if request.user.is_authenticated or not code:
        return redirect("resident-sign-in")
    form, refused = CodeForm(request.POST or None), None
    if form.is_valid():
        try:
            return _let_in(request, code, form.cleaned_data["code"])
        except CodeRefused as refusal:
            refuse_form(form, refusal, "code")
            refused = refusal
    context = {
        "form": form,
        "email": code.email,
        "next": request.session.get(NEXT, ""),
        "minutes": CODE_LIFE.seconds // 60,
        "over": refused.over if refused else not code.is_live(),
    }
    return render(request, "accounts/enter_code.html", context, status=422 if form.errors else 200)


def _let_in(request: HttpRequest, code: SignInCode, typed: str) -> HttpResponse:
    """Raises CodeRefused. Who has a second factor is asked for it before being let in."""
    user = prove_code(code.pk, typed=typed)
    del request.session[CODE]
    next_url = request.session.pop(NEXT, "")
    record_authentication(request, user, method="code", email=code.email)
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=next_url or None, email=code.email))
    return answer


def _next_url(request: HttpRequest) -> str:
    """Where to go afterwards, if it is a page of ours; else ""."""
    wanted = str(request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted.startswith("/") else ""
