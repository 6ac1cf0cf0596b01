"""What a person sees when an event fails: the error's own sentence, or a number to quote."""

import reflex as rx
from reflex_base.event import EventSpec
from reflex_base.event.context import EventContext

from core.errors import BillingError, NotSignedInError
from core.log import get_logger
from state.guard import PageDeniedError

_log = get_logger(__name__)
# A full navigation on purpose: headers are fixed when the socket connects, so only a new one has the new cookie.
_TO_SIGN_IN = (
    "window.location.assign('/sign-in?problem=session_ended&next='"
    " + encodeURIComponent(window.location.pathname + window.location.search))"
)


def go_to_sign_in() -> EventSpec:
    """Return the event that leads the browser to the sign-in page and back to where it is now."""
    return rx.call_script(_TO_SIGN_IN)


def explain(exception: Exception) -> EventSpec | None:
    """Turn what a handler raised into what its person sees; the app's exception handler."""
    # The handler's own context is gone by now; the event's is still there.
    number = EventContext.get().txid
    if isinstance(exception, NotSignedInError):
        return go_to_sign_in()
    if isinstance(exception, BillingError):
        _log.info("event:refused", correlation_id=number, code=exception.code, **_facts(exception))
        return None if isinstance(exception, PageDeniedError) else _toast(exception.user_message, exception.code)
    _log.error("event:failed", correlation_id=number, exc_info=exception)
    message = f"Something went wrong and this step was not saved. Try again; if it stays, quote {number}."
    return _toast(message, "failed")


def _toast(message: str, code: str) -> EventSpec:
    # One toast a kind: the same refusal twice would only cover the page.
    return rx.toast.error(message, id=f"problem-{code}", duration=15_000, close_button=True)


def _facts(error: BillingError) -> dict[str, object]:
    return {f"fact_{name}": value for name, value in error.facts.items()}
