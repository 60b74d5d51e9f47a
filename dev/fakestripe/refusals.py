"""What Stripe answers when it does not do what was asked."""

from typing import Any

Json = dict[str, Any]


class RefusalError(Exception):
    """An error answer: its HTTP status, and the body `{"error": {…}}` of docs.stripe.com/api/errors."""

    def __init__(
        self, message: str, *, code: str = "", param: str = "", status: int = 400, kind: str = "invalid_request_error"
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: Json = {"type": kind, "message": message}
        if code:
            self.error["code"] = code
        if param:
            self.error["param"] = param

    def about(self, **objects: Json) -> "RefusalError":
        """The same error, with the object that it is about, as Stripe sends a PaymentIntent along."""
        self.error.update(objects)
        return self


def missing(kind: str, name: str, param: str = "id", status: int = 404) -> RefusalError:
    """404 for what the path names, 400 for what another parameter does."""
    return RefusalError(f"No such {kind}: '{name}'", code="resource_missing", param=param, status=status)
