"""What a queue's address says: whose proformas, in which state, and how they are narrowed; and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.enums import ProformaStatus, Role
from services.actor import Actor
from services.review.queue_filters import Age, Findings, QueueFilter, Scope, filter_asked, own_scope
from state.addresses import as_choice, as_number, query

PATH = "/review"
NAMES = ("scope", "status", "period", "search", "carrier", "findings", "age", "amount")
_LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Asked:
    """The address's own values as text, '' where it says nothing."""

    scope: str = ""
    status: str = ""
    period: str = ""
    search: str = ""
    carrier: str = ""
    findings: str = ""
    age: str = ""
    amount: str = ""

    @property
    def address(self) -> str:
        """The path with its query."""
        return f"{PATH}{query({name: getattr(self, name) for name in NAMES})}"

    @property
    def query(self) -> str:
        """The query alone, '' where nothing is asked for."""
        return query({name: getattr(self, name) for name in NAMES})

    @property
    def tab(self) -> str:
        """The address of the tab that this is a narrowing of."""
        return replace(Asked(), scope=self.scope, status=self.status).address

    @property
    def is_narrowed(self) -> bool:
        """Whether it shows less than its tab."""
        return self.address != self.tab

    def narrowed(self, name: str, value: str) -> "Asked":
        """Return the same with another value of one filter; a name that is no filter changes nothing."""
        return replace(self, **{name: value[:_LONGEST_SEARCH]}) if name in NAMES[3:] or name == "status" else self


def asked_in(parameters: Mapping[str, object], who: Actor) -> Asked:
    """Return what an address asks for; what is no choice is left out, and so is what comes by itself."""
    given = {name: str(parameters.get(name, "")).strip()[:_LONGEST_SEARCH] for name in NAMES}
    scope = as_choice(Scope, given["scope"])
    status = given["status"] if given["status"] in {*ProformaStatus, "all"} else ""
    own = own_scope(who)
    given["scope"] = scope.value if scope and scope is not Scope.MINE else ""
    given["status"] = "" if not given["scope"] and status == _own_status(own) else status
    for name, vocabulary in (("findings", Findings), ("age", Age)):
        given[name] = given[name] if given[name] in list(vocabulary) else ""
    given["carrier"] = str(as_number(given["carrier"]) or "")
    return Asked(**given)


def filter_of(asked: Asked, who: Actor) -> QueueFilter:
    """Return the question to the services.

    Raises:
        InvalidInputError: the period is no day, or the amount no number.
    """
    return filter_asked(who, {name: getattr(asked, name) for name in NAMES})


def is_watching(who: Actor) -> bool:
    """Whether a person watches over everybody's queues and decides on none."""
    return not who.has(Role.ATTORNEY)


def _own_status(own: QueueFilter) -> str:
    # An attorney's own list is what waits; asked for by its state it is the same.
    return own.statuses[0].value if own.statuses else ProformaStatus.IN_REVIEW.value
