"""What a person sees when an event fails: the error's own sentence, or a number to quote."""

import reflex as rx
from reflex_base.event import EventSpec

from core.errors import BillingError, NotSignedInError
from core.ids import correlation_id
from core.log import get_logger

_log = get_logger(__name__)
# A full navigation on purpose: headers are fixed when the socket connects, so only a new one has the new cookie.
_TO_SIGN_IN = (
    "window.location.assign('/sign-in?problem=session_ended&next='"
    " + encodeURIComponent(window.location.pathname + window.location.search))"
)


def go_to_sign_in() -> EventSpec:
    """Return the event that leads the browser to the sign-in page and back to where it is now."""
    return rx.call_script(_TO_SIGN_IN)


def explain(exception: Exception) -> EventSpec:
    """Turn what a handler raised into what its person sees; the app's exception handler."""
    if isinstance(exception, NotSignedInError):
        return go_to_sign_in()
    if isinstance(exception, BillingError):
        _log.info("event:refused", code=exception.code, **_facts(exception))
        return rx.toast.error(exception.user_message, duration=10_000, close_button=True)
    number = correlation_id()
    _log.error("event:failed", correlation_id=number, exc_info=exception)
    message = f"Something went wrong and this step was not saved. Try again; if it stays, quote {number}."
    return rx.toast.error(message, duration=20_000, close_button=True)


def _facts(error: BillingError) -> dict[str, object]:
    return {f"fact_{name}": value for name, value in error.facts.items()}
