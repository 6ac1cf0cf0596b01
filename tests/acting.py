"""Calling a page's handlers without a browser: as somebody, on a state of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import reflex as rx

from models.enums import Role
from services.actor import Actor
from services.sessions import Principal
from state.guard import set_principal

State = TypeVar("State", bound=rx.State)


@contextmanager
def acting_as(*roles: Role, user_id: int | None = 1, name: str = "Dana Brooks") -> Iterator[Actor]:
    """Be a person with these roles for a block."""
    actor = Actor(user_id, name, frozenset(roles))
    set_principal(Principal("0" * 64, actor, "dana.brooks@hwr.example"))
    try:
        yield actor
    finally:
        set_principal(None)


def fresh_state(kind: type[State], address: str = "") -> State:
    """Return a new state of a page, opened at an address such as '/invoices?search=7'."""
    found: Any = part_of(tab_at(address), kind)
    return found


def tab_at(address: str = "") -> Any:
    """Return the root of a tab's states, open at an address."""
    root: Any = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]  # the framework's own door
    if address:
        root.router_data = {"asPath": address, "pathname": address.partition("?")[0]}
        root._update_router_vars(root.router_data, {})
    return root


def part_of(root: Any, kind: type[rx.State]) -> Any:
    """Return the tab's own state of a kind."""
    return root.get_substate(kind.get_full_name().split("."))


async def call(state: rx.State, handler: str, *args: Any) -> Any:
    """Call a coroutine handler by name as the framework would, guard included."""
    return await type(state).event_handlers[handler].fn(state, *args)
