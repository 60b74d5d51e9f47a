"""A request that passed the contract, as the actions see it."""

from dataclasses import dataclass, field

from dev.fakestripe.books import Books
from dev.fakestripe.refusals import Json


@dataclass(frozen=True)
class Call:
    """`body`: the typed parameters, from the form or the query; `ids`: those in the path; `account`: Stripe-Account."""

    books: Books
    body: Json
    ids: tuple[str, ...] = ()
    account: str | None = None
    expand: list[str] = field(default_factory=list)
