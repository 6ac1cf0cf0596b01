"""Typing a log-in: a secret becomes text when it is typed, and not before that was written down."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from carriers.errors import LoginRejectedError, SiteUnavailableError
from carriers.exchange import Credentials, LoginJournal, SecretLike
from carriers.profile import SiteRules


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


@dataclass(frozen=True)
class StoredLogin:
    """A log-in, its fields told apart by what the profile declares of each.

    Attributes:
        plain: the values that any step may type and that may be seen.
        typed: these and the secret ones, which the log-in alone types.
        secret: the names of the secret ones.
        hidden: every value that no proof may show, whatever its field is declared as.
    """

    plain: Mapping[str, str]
    typed: Credentials
    secret: frozenset[str]
    hidden: tuple[SecretLike, ...]

    @classmethod
    def of(cls, site: SiteRules, credentials: Credentials) -> "StoredLogin":
        """Tell the fields of a log-in apart; one that the profile does not declare is hidden and never typed."""
        kinds = {field.name: field.kind for field in site.credentials}
        typed = {name: value for name, value in credentials.items() if kinds.get(name) in {"plain", "secret"}}
        return cls(
            plain={name: value.reveal() for name, value in typed.items() if kinds[name] == "plain"},
            typed=typed,
            secret=frozenset(name for name in typed if kinds[name] == "secret"),
            hidden=tuple(value for name, value in credentials.items() if kinds.get(name) != "plain"),
        )

    def typing(self, begin: Callable[[], None]) -> TypedLogin:
        """Return the values for the log-in's steps; `begin` is called before a secret becomes text."""
        return TypedLogin(self.typed, self.secret, begin)


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
