"""Deny by default: no event runs without a session, a guard, and a tab that belongs to the session."""

from functools import lru_cache

import reflex as rx
from reflex.middleware import Middleware
from reflex.state import BaseState, OnLoadInternalState, State, StateUpdate
from reflex_base.event import Event, EventSpec
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from billing_app.failures import go_to_sign_in
from billing_app.pace import Pace
from billing_app.whose import Whose
from core.ids import correlate
from core.log import get_logger
from services.sessions import Principal
from state.doorkeeper import session_cookie
from state.guard import GUARD, set_principal
from state.live import feed
from state.viewer import Viewer

_log = get_logger(__name__)


@lru_cache(maxsize=1)
def hydrate_events() -> frozenset[str]:
    """Return the full names of the events that send a tab its whole state tree."""
    return frozenset(format_event_handler(State.event_handlers[name]) for name in ("hydrate", "hydrate_and_load"))


@lru_cache(maxsize=1)
def framework_events() -> frozenset[str]:
    """Return the full names of the framework's own events that the pages need; exact names, never a prefix."""
    own = {
        format_event_handler(State.event_handlers["set_is_hydrated"]),
        format_event_handler(OnLoadInternalState.event_handlers["on_load_internal"]),
        format_event_handler(OnLoadInternalState.event_handlers["set_is_hydrated"]),
    }
    return hydrate_events() | own


class DenyByDefault(Middleware):
    """Stands before every event: who is it, does the tab belong to them, is the handler guarded at all."""

    def __init__(self, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self._whose = Whose()

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Let the event pass (None), or answer it in its handler's place."""
        del app
        correlate(EventContext.get().txid)
        headers = state.router.headers
        if not self._pace.allows(session_cookie(headers.cookie) or state.router.session.client_ip):
            return _answer(rx.toast.warning("That was too fast. Nothing was changed; wait a moment and try again."))
        person = await self._whose.recognised(headers.cookie)
        set_principal(person)
        if person is None:
            return _answer(go_to_sign_in())
        if not await _is_bound(state, event, person):
            return _refuse(event, "foreign tab")
        if event.name in framework_events():
            # A page opens: its watchers need not tell again what its own handlers read from now on.
            feed().arrive(EventContext.get().token)
            return None
        return None if is_guarded(event.name) else _refuse(event, "no guard")


def is_guarded(name: str) -> bool:
    """Whether the event of this full name has a handler that carries a guard."""
    registered = RegistrationContext.get().event_handlers.get(name)
    return registered is not None and hasattr(registered.handler.fn, GUARD)


async def _is_bound(state: BaseState, event: Event, person: Principal) -> bool:
    """Bind a new tab to the session; hand a tab over to another session only emptied, and only at hydrate.

    At any other event parts of the tree may not be loaded, so they could not be emptied.
    """
    viewer = await state.get_state(Viewer)
    if viewer._bound == person.session_sha256:  # noqa: SLF001 -- a backend var, hidden from the browser
        return True
    if viewer._bound:  # noqa: SLF001
        if event.name not in hydrate_events():
            return False
        root = state._get_root_state()  # noqa: SLF001 -- the framework has no public name for it
        router_data = root.router_data
        root.reset()
        root.router_data = router_data
        viewer = await state.get_state(Viewer)
    viewer._bound = person.session_sha256  # noqa: SLF001
    return True


def _refuse(event: Event, why: str) -> StateUpdate:
    _log.warning("event:refused", name=event.name[:200], why=why)
    return StateUpdate()


def _answer(spec: EventSpec) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(spec))
