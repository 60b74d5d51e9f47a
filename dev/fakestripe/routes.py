"""Which request does what: the part of Stripe's API that the city's market calls."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dev.fakestripe import accounts, balance, disputes, events, payments, refunds, sessions, transfers
from dev.fakestripe.call import Call
from dev.fakestripe.contract import params_schema
from dev.fakestripe.form import flat
from dev.fakestripe.reader import read
from dev.fakestripe.refusals import Json, RefusalError

Action = Callable[[Call], Json]
_LISTED = "created ending_before limit starting_after"


@dataclass(frozen=True)
class Route:
    """`params`: the file and class of the contract; `simulated`: the dotted parameters that have an effect here."""

    method: str
    path: str
    action: Action
    params: tuple[str, str]
    simulated: str = ""

    def ids(self, method: str, path: str) -> tuple[str, ...] | None:
        """The ids in a path that is this route's."""
        match = re.fullmatch(self.path.replace("{}", r"(\w+)"), path) if method == self.method else None
        return match.groups() if match else None

    def typed(self, form: Json) -> Json:
        """The parameters by the contract. Raises RefusalError (400), also for what is Stripe's but not simulated."""
        body: Json = read(params_schema(*self.params), form)
        known = ("expand", *self.simulated.split())
        for name in flat(body):
            if not any(name == one or name.startswith(f"{one}.") for one in known):
                message = f"dev.fakestripe does not simulate the parameter {name} of {self.method} {self.path}"
                raise RefusalError(message, code="not_simulated", param=name)
        return body


_SESSION = (
    "mode client_reference_id customer_email locale submit_type expires_at success_url cancel_url metadata "
    "allowed_payment_method_types line_items.quantity line_items.price_data.currency line_items.price_data.unit_amount "
    "line_items.price_data.product_data payment_intent_data.capture_method payment_intent_data.description "
    "payment_intent_data.metadata payment_intent_data.statement_descriptor_suffix payment_intent_data.transfer_group"
)
_ACCOUNT = "email metadata settings business_profile capabilities"

ROUTES = (
    Route(
        "POST", "/v1/checkout/sessions", sessions.create,
        ("checkout/_session_create_params", "SessionCreateParams"), _SESSION,
    ),
    Route(
        "GET", "/v1/checkout/sessions", sessions.search,
        ("checkout/_session_list_params", "SessionListParams"), f"{_LISTED} payment_intent status",
    ),
    Route(
        "GET", "/v1/checkout/sessions/{}", sessions.retrieve,
        ("checkout/_session_retrieve_params", "SessionRetrieveParams"),
    ),
    Route(
        "POST", "/v1/checkout/sessions/{}/expire", sessions.expire,
        ("checkout/_session_expire_params", "SessionExpireParams"),
    ),
    Route(
        "GET", "/v1/payment_intents", payments.search,
        ("_payment_intent_list_params", "PaymentIntentListParams"), _LISTED,
    ),
    Route(
        "GET", "/v1/payment_intents/{}", payments.retrieve,
        ("_payment_intent_retrieve_params", "PaymentIntentRetrieveParams"),
    ),
    Route(
        "POST", "/v1/payment_intents/{}/capture", payments.capture,
        ("_payment_intent_capture_params", "PaymentIntentCaptureParams"), "amount_to_capture metadata",
    ),
    Route(
        "POST", "/v1/payment_intents/{}/cancel", payments.cancel,
        ("_payment_intent_cancel_params", "PaymentIntentCancelParams"), "cancellation_reason",
    ),
    Route("GET", "/v1/charges/{}", payments.retrieve_charge, ("_charge_retrieve_params", "ChargeRetrieveParams")),
    Route(
        "POST", "/v1/refunds", refunds.create, ("_refund_create_params", "RefundCreateParams"),
        "payment_intent charge amount reason metadata",
    ),
    Route(
        "GET", "/v1/refunds", refunds.search, ("_refund_list_params", "RefundListParams"),
        f"{_LISTED} charge payment_intent",
    ),
    Route("GET", "/v1/refunds/{}", refunds.retrieve, ("_refund_retrieve_params", "RefundRetrieveParams")),
    Route(
        "POST", "/v1/transfers", transfers.create, ("_transfer_create_params", "TransferCreateParams"),
        "amount currency destination source_transaction transfer_group metadata description",
    ),
    Route(
        "GET", "/v1/transfers", transfers.search, ("_transfer_list_params", "TransferListParams"),
        f"{_LISTED} destination transfer_group",
    ),
    Route("GET", "/v1/transfers/{}", transfers.retrieve, ("_transfer_retrieve_params", "TransferRetrieveParams")),
    Route(
        "POST", "/v1/transfers/{}/reversals", transfers.reverse,
        ("_transfer_reversal_create_params", "TransferReversalCreateParams"), "amount metadata",
    ),
    Route(
        "GET", "/v1/transfers/{}/reversals", transfers.search_reversals,
        ("_transfer_reversal_list_params", "TransferReversalListParams"), "ending_before limit starting_after",
    ),
    Route(
        "GET", "/v1/transfers/{}/reversals/{}", transfers.retrieve_reversal,
        ("_transfer_reversal_retrieve_params", "TransferReversalRetrieveParams"),
    ),
    Route(
        "POST", "/v1/accounts", accounts.create, ("_account_create_params", "AccountCreateParams"),
        f"{_ACCOUNT} type country business_type controller",
    ),
    Route("GET", "/v1/accounts", accounts.search, ("_account_list_params", "AccountListParams"), _LISTED),
    Route("GET", "/v1/accounts/{}", accounts.retrieve, ("_account_retrieve_params", "AccountRetrieveParams")),
    Route("POST", "/v1/accounts/{}", accounts.update, ("_account_update_params", "AccountUpdateParams"), _ACCOUNT),
    Route(
        "POST", "/v1/account_links", accounts.link, ("_account_link_create_params", "AccountLinkCreateParams"),
        "account type refresh_url return_url collection_options collect",
    ),
    Route("GET", "/v1/events", events.search, ("_event_list_params", "EventListParams"), f"{_LISTED} type types"),
    Route("GET", "/v1/events/{}", events.retrieve, ("_event_retrieve_params", "EventRetrieveParams")),
    Route("GET", "/v1/disputes/{}", disputes.retrieve, ("_dispute_retrieve_params", "DisputeRetrieveParams")),
    Route("GET", "/v1/balance", balance.retrieve, ("_balance_retrieve_params", "BalanceRetrieveParams")),
)  # fmt: skip


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """Raises RefusalError (404)."""
    for route in ROUTES:
        ids = route.ids(method, path)
        if ids is not None:
            return route, ids
    raise RefusalError(f"Unrecognized request URL ({method}: {path}).", status=404)
