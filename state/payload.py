"""Checking what a browser sent with an event: the framework's own coercion only warns and passes the raw value."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from core.errors import InvalidInputError

_STRICT = ConfigDict(strict=True, arbitrary_types_allowed=True)


class PayloadCheck:
    """The strict types of one handler's arguments.

    Raises:
        TypeError: when a handler takes a model or dataclass, which the browser could then fill at will.
    """

    def __init__(self, handler: Callable[..., Any]) -> None:
        self._names = list(inspect.signature(handler).parameters)[1:]
        self._hints = {name: hint for name, hint in get_type_hints(handler).items() if name in self._names}
        for name, hint in self._hints.items():
            if is_dataclass(hint) or (isinstance(hint, type) and issubclass(hint, BaseModel)):
                message = f"{handler.__qualname__} takes the {hint} {name!r} from a browser; take plain values"
                raise TypeError(message)

    def check(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Refuse values of another kind than annotated, and names that the handler does not have.

        Raises:
            InvalidInputError: the browser sent something no screen of ours sends.
        """
        given = {**dict(zip(self._names, args, strict=False)), **kwargs}
        if len(args) > len(self._names) or not given.keys() <= set(self._names):
            raise _refused()
        for name, value in given.items():
            self._check_one(name, value)

    def _check_one(self, name: str, value: object) -> None:
        if name not in self._adapters:
            return
        try:
            self._adapters[name].validate_python(value)
        except ValidationError as wrong:
            raise _refused() from wrong

    @functools.cached_property
    def _adapters(self) -> dict[str, TypeAdapter[Any]]:
        return {name: _adapter(hint) for name, hint in self._hints.items()}


def _adapter(hint: Any) -> TypeAdapter[Any]:  # noqa: ANN401 -- any annotation
    return TypeAdapter(hint, config=_STRICT)


def _refused() -> InvalidInputError:
    return InvalidInputError("The page sent something that cannot be read. Nothing was changed; reload the page.")
