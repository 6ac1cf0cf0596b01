"""Misbehaviour on demand: what real sites do to a robot, ordered through the control port."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What a site can be told to do."""

    DROP_REPLY = "drop_reply"
    CUT_REPLY = "cut_reply"
    DELAY_LISTING = "delay_listing"
    END_SESSION = "end_session"
    CHANGE_LAYOUT = "change_layout"
    MAINTENANCE = "maintenance"
    EXPIRED_PASSWORD = "expired_password"  # noqa: S105 - a kind of fault
    LOCKED = "locked"
    LOCK_AFTER_FAILURES = "lock_after_failures"
    CHALLENGE = "challenge"
    SERVER_ERROR = "server_error"
    BAD_GATEWAY = "bad_gateway"
    STALL = "stall"
    FORGED_MAIL = "forged_mail"
    REPEATED_MAIL = "repeated_mail"


class PageKind(StrEnum):
    """The pages a fault can be aimed at."""

    LOGIN = "login"
    HOME = "home"
    LIST = "list"
    UPLOAD = "upload"
    SUBMIT = "submit"
    RESULT = "result"


ANY_SITE = "*"
_USUAL_PAGE = {
    FaultKind.DROP_REPLY: PageKind.SUBMIT,
    FaultKind.CUT_REPLY: PageKind.SUBMIT,
    FaultKind.DELAY_LISTING: PageKind.LIST,
    FaultKind.CHANGE_LAYOUT: PageKind.UPLOAD,
    FaultKind.EXPIRED_PASSWORD: PageKind.LOGIN,
    FaultKind.LOCKED: PageKind.LOGIN,
    FaultKind.LOCK_AFTER_FAILURES: PageKind.LOGIN,
    FaultKind.CHALLENGE: PageKind.LOGIN,
    FaultKind.FORGED_MAIL: PageKind.RESULT,
    FaultKind.REPEATED_MAIL: PageKind.RESULT,
}


@dataclass(slots=True)
class Fault:
    """One order. `left` counts down, 0 at the start means until it is taken back; `at` None means any page."""

    site: str
    kind: FaultKind
    left: int
    is_lasting: bool
    seconds: float
    at: PageKind | None

    def fits(self, site: str, kind: FaultKind, page: PageKind) -> bool:
        """Say whether this order concerns a site's page now."""
        is_here = self.site in {site, ANY_SITE} and self.kind is kind
        return is_here and self.at in {None, page} and (self.is_lasting or self.left > 0)


class FaultBoard:
    """The orders that stand."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def order(
        self, site: str, kind: FaultKind, *, count: int = 1, seconds: float = 0, at: PageKind | None = None
    ) -> Fault:
        """Add an order: `count` times (0 = until cleared), at a page or where this kind usually strikes."""
        fault = Fault(site, kind, count, is_lasting=count == 0, seconds=seconds, at=at or _USUAL_PAGE.get(kind))
        self._faults.append(fault)
        return fault

    def take(self, site: str, kind: FaultKind, page: PageKind) -> Fault | None:
        """Return the order that strikes now and count it down."""
        fault = self.peek(site, kind, page)
        if fault is not None and not fault.is_lasting:
            fault.left -= 1
        return fault

    def peek(self, site: str, kind: FaultKind, page: PageKind) -> Fault | None:
        """Return the order that stands, without counting it."""
        return next((fault for fault in self._faults if fault.fits(site, kind, page)), None)

    def standing(self) -> list[Fault]:
        """Return the orders not yet used up."""
        return [fault for fault in self._faults if fault.is_lasting or fault.left > 0]

    def clear(self, site: str | None = None) -> None:
        """Take back the orders of one site or of all."""
        self._faults = [fault for fault in self._faults if site is not None and fault.site != site]
