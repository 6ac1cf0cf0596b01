"""The guard of every event handler: who may call it, and with what kinds of values."""

import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from core.errors import DeniedError, NotSignedInError
from models.enums import Role
from services.actor import Actor
from services.sessions import Principal
from state.payload import PayloadCheck

GUARD = "__billing_guard__"
Handler = TypeVar("Handler", bound=Callable[..., Any])

_principal: ContextVar[Principal | None] = ContextVar("principal", default=None)


class PageDeniedError(DeniedError):
    """The whole page is not for this person; the page says so itself."""

    code = "page_denied"


@dataclass(frozen=True)
class Guard:
    """Who may call a handler: any of the roles, or anybody signed in when there are none.

    With `by_page` the state class that inherits the handler names the roles in its `_roles`.
    """

    roles: frozenset[Role]
    by_page: bool = False

    def check(self, owner: object) -> None:
        """Refuse the person behind the current event when they may not.

        Raises:
            NotSignedInError: nobody is signed in.
            DeniedError: their roles do not suffice.
        """
        if not self.by_page:
            require(*self.roles)
        elif not require().has(*owner._roles):  # type: ignore[attr-defined]  # noqa: SLF001 -- named by every such page
            raise PageDeniedError("This page is not for your role. Nothing was changed.")


def guarded(*roles: Role, by_page: bool = False) -> Callable[[Handler], Handler]:
    """Guard an event handler; stands below `@rx.event`. Values of the wrong kind are refused before it runs."""
    guard = Guard(frozenset(roles), by_page=by_page)

    def decorate(handler: Handler) -> Handler:
        wrapper = _wrapper(handler, guard, PayloadCheck(handler))
        setattr(wrapper, GUARD, guard)
        return wrapper  # type: ignore[return-value]  # same signature, by functools.wraps

    return decorate


def set_principal(principal: Principal | None) -> None:
    """Name the person behind the current event; the middleware does so before any handler runs."""
    _principal.set(principal)


def principal() -> Principal:
    """Return the person behind the current event.

    Raises:
        NotSignedInError: nobody is signed in.
    """
    if (found := _principal.get()) is None:
        raise NotSignedInError("You are signed out. Nothing was changed; sign in again and repeat the step.")
    return found


def actor() -> Actor:
    """Return who acts in the current event, as services want it."""
    return principal().actor


def require(*roles: Role) -> Actor:
    """Return the actor of the current event when they hold one of the roles (any, when none are named).

    Raises:
        NotSignedInError: nobody is signed in.
        DeniedError: they hold none of the roles.
    """
    who = actor()
    if roles and not who.has(*roles):
        raise DeniedError("You don't have permission to do this. Nothing was changed.")
    return who


def _wrapper(handler: Callable[..., Any], guard: Guard, payload: PayloadCheck) -> Callable[..., Any]:
    # The four kinds must stay what they are: the framework dispatches by the kind of function it finds.
    if inspect.isasyncgenfunction(handler):
        return _async_generator(handler, guard, payload)
    if inspect.iscoroutinefunction(handler):
        return _coroutine(handler, guard, payload)
    if inspect.isgeneratorfunction(handler):
        return _generator(handler, guard, payload)
    return _plain(handler, guard, payload)


def _async_generator(handler: Callable[..., Any], guard: Guard, payload: PayloadCheck) -> Callable[..., Any]:
    @functools.wraps(handler)
    async def wrapper(self: object, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:  # noqa: ANN401
        guard.check(self)
        payload.check(args, kwargs)
        async for event in handler(self, *args, **kwargs):
            yield event

    return wrapper


def _coroutine(handler: Callable[..., Any], guard: Guard, payload: PayloadCheck) -> Callable[..., Any]:
    @functools.wraps(handler)
    async def wrapper(self: object, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        guard.check(self)
        payload.check(args, kwargs)
        return await handler(self, *args, **kwargs)

    return wrapper


def _generator(handler: Callable[..., Any], guard: Guard, payload: PayloadCheck) -> Callable[..., Any]:
    @functools.wraps(handler)
    def wrapper(self: object, *args: Any, **kwargs: Any) -> Iterator[Any]:  # noqa: ANN401
        guard.check(self)
        payload.check(args, kwargs)
        yield from handler(self, *args, **kwargs)

    return wrapper


def _plain(handler: Callable[..., Any], guard: Guard, payload: PayloadCheck) -> Callable[..., Any]:
    @functools.wraps(handler)
    def wrapper(self: object, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        guard.check(self)
        payload.check(args, kwargs)
        return handler(self, *args, **kwargs)

    return wrapper
