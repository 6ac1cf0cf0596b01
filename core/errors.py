"""The one error root: what happened, what was kept, what to do, in a sentence a person can act on."""

from typing import ClassVar


class BillingError(Exception):
    """Anything the product refuses or cannot do, with a ready sentence.

    Attributes:
        code: stable machine name in snake case; the same in logs, API answers and tests.
        user_message: one sentence for the person: what was kept and what to do.
        retryable: whether a machine may try the same thing again by itself.
        status_code: HTTP status that an HTTP edge answers with.
        facts: values worth logging; never secrets, never narratives.
    """

    code: ClassVar[str] = "billing_error"
    status_code: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(self, user_message: str, **facts: object) -> None:
        super().__init__(user_message)
        self.user_message = user_message
        self.facts = facts


class InvalidInputError(BillingError):
    """The request itself is wrong; nothing was changed."""

    code = "invalid_input"
    status_code = 422


class NotFoundError(BillingError):
    """There is no such record, or it is not this person's to see."""

    code = "not_found"
    status_code = 404


class DeniedError(BillingError):
    """The person may not do this."""

    code = "denied"
    status_code = 403


class NotSignedInError(DeniedError):
    """Nobody is signed in, or the session has ended."""

    code = "not_signed_in"
    status_code = 401


class StaleVersionError(BillingError):
    """Somebody else changed the record since it was shown."""

    code = "stale_version"
    status_code = 409


class WrongStateError(BillingError):
    """The record is not in a state from which this can be done."""

    code = "wrong_state"
    status_code = 409


class FencedError(BillingError):
    """Another worker owns the record now: stop at once, write nothing."""

    code = "fenced"
    status_code = 409


class UnavailableError(BillingError):
    """Something we need (Redis, Chromium, the database) is not there."""

    code = "unavailable"
    status_code = 503
    retryable = True
