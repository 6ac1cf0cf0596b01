"""Typing a log-in: a secret becomes text when it is typed, and not before that was written down."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from carriers.errors import LoginRejectedError, SiteUnavailableError
from carriers.exchange import Credentials, LoginJournal


class TypedLogin(Mapping[str, str]):
    """The log-in's values for placeholders; each secret one that is asked for calls `begin` first.

    Attributes:
        was_typed: whether a secret was asked for.
    """

    was_typed = False

    def __init__(self, credentials: Credentials, secret: frozenset[str], begin: Callable[[], None]) -> None:
        self._credentials = credentials
        self._secret = secret
        self._begin = begin

    def __getitem__(self, name: str) -> str:
        if name in self._secret:
            self._begin()
            self.was_typed = True
        return self._credentials[name].reveal()

    def __contains__(self, name: object) -> bool:
        return name in self._credentials

    def __iter__(self) -> Iterator[str]:
        return iter(self._credentials)

    def __len__(self) -> int:
        return len(self._credentials)


@contextmanager
def written_down(journal: LoginJournal | None, *, is_judged: bool = True) -> Iterator[Callable[[], None]]:
    """Open one log-in; yield what to call before its first secret is typed.

    What the site says is written down as well; that it let us in only where a secret was typed. Anything that leaves it
    unclear whether the site judged the log-in (a crash, a page that nobody knows) leaves it unanswered, and so does
    `is_judged=False`: the steps end before the site shows what it thinks of it.
    """
    begun: list[bool] = []

    def begin() -> None:
        if journal is not None and not begun:
            journal.begin()
            begun.append(True)

    try:
        yield begin
    except LoginRejectedError as refused:
        if journal is not None:
            journal.refused(refused)
        raise
    except SiteUnavailableError:
        if journal is not None and begun:
            journal.unjudged()
        raise
    if journal is not None and begun and is_judged:
        journal.accepted()
