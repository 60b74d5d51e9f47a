"""Connected accounts of producers, and the links that lead them through Stripe's own questions."""

import stripe

from dev.fakestripe.books import EUROS, Books, email, metadata, new_id
from dev.fakestripe.call import Call
from dev.fakestripe.lists import page
from dev.fakestripe.refusals import Json, RefusalError

LINK_LIFE = 300  # seconds
_TO_ANSWER = ["business_profile.url", "external_account", "individual.verification.document", "tos_acceptance.date"]


def create(call: Call) -> Json:
    """POST /v1/accounts. A new account may receive nothing before its questions are answered."""
    books, body = call.books, call.body
    controller = body.get("controller", {})
    if "type" in body and controller:
        message = "You may only specify one of these parameters: type, controller."
        raise RefusalError(message, code="parameters_exclusive", param="type")
    asked = [name for name, wish in body.get("capabilities", {}).items() if wish.get("requested")]
    dashboard = controller.get("stripe_dashboard", {}).get("type", "full")
    account = books.add(
        "account", stripe.Account, country=body.get("country", "FR"), default_currency=EUROS, metadata=metadata(body),
        business_type=body.get("business_type"), email=email(body.get("email"), "email"), charges_enabled=False,
        payouts_enabled=False, details_submitted=False, capabilities=dict.fromkeys(asked, "inactive"),
        type={"express": "express", "full": "standard"}.get(dashboard, "none"), business_profile={},
        requirements=requirements(_TO_ANSWER), future_requirements=requirements([]),
        controller=_controller(controller, dashboard), settings=_settings(), tos_acceptance={"date": None},
        external_accounts=None,
    )  # fmt: skip
    account["id"] = _renamed(books, account)
    _merge(account["settings"], body.get("settings", {}))
    return account


def _renamed(books: Books, account: Json) -> str:
    """Ids of accounts are 16 characters after the prefix."""
    name = new_id("acct")[:21]
    books.rows["account"][name] = books.rows["account"].pop(account["id"])
    return name


def _controller(asked: Json, dashboard: str) -> Json:
    return {
        "type": "application",
        "is_controller": True,
        "fees": {"payer": asked.get("fees", {}).get("payer", "account")},
        "losses": {"payments": asked.get("losses", {}).get("payments", "stripe")},
        "requirement_collection": asked.get("requirement_collection", "stripe"),
        "stripe_dashboard": {"type": dashboard},
    }


def _settings() -> Json:
    return {
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_payments": {"statement_descriptor_prefix": None},
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "payments": {"statement_descriptor": None},
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 7, "interval": "daily"},
            "statement_descriptor": None,
        },
    }


def requirements(due: list[str], disabled: str | None = None) -> Json:
    return {
        "alternatives": [], "current_deadline": None, "currently_due": due, "eventually_due": due, "past_due": due,
        "pending_verification": [], "errors": [],
        "disabled_reason": disabled or ("requirements.past_due" if due else None),
    }  # fmt: skip


def _merge(target: Json, changes: Json) -> None:
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = value


def retrieve(call: Call) -> Json:
    """Raises RefusalError: 403 for one that does not exist or has left, as Stripe does not tell these apart."""
    account = call.books.rows["account"].get(call.ids[0])
    if account is None or account["id"] in call.books.departed:
        message = (
            f"The provided key does not have access to account '{call.ids[0]}' (or that account does not exist). "
            "Application access may have been revoked."
        )
        raise RefusalError(message, code="account_invalid", status=403)
    return account


def search(call: Call) -> Json:
    """GET /v1/accounts: those that have not left."""
    there = [row for name, row in call.books.rows["account"].items() if name not in call.books.departed]
    return page(there, call, "/v1/accounts")


def update(call: Call) -> Json:
    """POST /v1/accounts/{id}."""
    account, body = retrieve(call), call.body
    if "email" in body:
        account["email"] = email(body["email"], "email")
    if "metadata" in body:
        account["metadata"] = metadata(body, account["metadata"])
    for name in ("settings", "business_profile"):
        _merge(account[name], body.get(name, {}))
    for name, wish in body.get("capabilities", {}).items():
        if wish.get("requested"):
            account["capabilities"].setdefault(name, "inactive")
    call.books.emit("account.updated", account, account=account["id"])
    return account


def link(call: Call) -> Json:
    """POST /v1/account_links: a page of ours that asks nothing and offers each way it can end."""
    books, body = call.books, call.body
    account = books.named("account", body, "account")
    for name in ("refresh_url", "return_url"):
        if name not in body:
            raise RefusalError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    secret, now = new_id("link"), books.clock.now()
    books.plans[secret] = {"account": account["id"], "expires_at": now + LINK_LIFE, **body}
    url = f"{books.origin}/setup/e/{secret}"
    return {"object": "account_link", "created": now, "expires_at": now + LINK_LIFE, "url": url}


def become(books: Books, account_id: str, transfers: str, due: list[str], disabled: str | None = None) -> Json:
    """Stripe decided: the capability `transfers` is active, pending or inactive, and this is still to be answered."""
    account = books.get("account", account_id)
    active = transfers == "active"
    account.update(
        capabilities={**account["capabilities"], "transfers": transfers}, requirements=requirements(due, disabled),
        payouts_enabled=active, details_submitted=account["details_submitted"] or transfers != "inactive",
    )  # fmt: skip
    books.emit("account.updated", account, account=account_id)
    return account


def deauthorize(books: Books, account_id: str) -> Json:
    """The producer disconnects from the platform, which may not touch the account any more."""
    account = books.get("account", account_id)
    books.departed.add(account_id)
    application = {"id": "ca_fakestripe", "object": "application", "name": "fakestripe"}
    books.emit("account.application.deauthorized", application, account=account_id)
    return account


def payout(books: Books, account_id: str, amount: int, *, fails: bool = False) -> Json:
    """So many cents go from the account to its bank; or come back."""
    row = books.add(
        "payout", stripe.Payout, amount=amount, arrival_date=books.clock.now(), automatic=True, currency=EUROS,
        livemode=False, method="standard", reconciliation_status="completed", source_type="card", type="bank_account",
        status="failed" if fails else "paid", failure_code="account_closed" if fails else None, metadata={},
    )  # fmt: skip
    books.emit("payout.failed" if fails else "payout.paid", row, account=account_id)
    row["account"] = account_id
    return row
