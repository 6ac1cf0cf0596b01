"""By which route a cut is appealed on the carrier's site, until when, and what is refused: it would forfeit money."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from carriers.profile import AppealRoute, MoneyTerms
from core.errors import InvalidInputError, WrongStateError
from models import Appeal, Carrier, Invoice
from models.enums import AppealRouteKind, AppealStatus, CashStatus, DecisionStatus, DocumentStatus
from services import lifecycle
from services.responses.cuts import CUT
from services.row_ids import row_id
from services.sites.profiles import active_profiles

_SATURDAY = 5
_OPEN = (AppealStatus.DRAFTED, AppealStatus.SENT)
_KINDS = {
    AppealRouteKind.LINES_ONLY: "Single lines",
    AppealRouteKind.BEFORE_PAYMENT: "Lines or the whole invoice, before anything is paid",
    AppealRouteKind.SECOND_REVIEW: "A second review of the whole invoice",
}
_RESUBMISSIONS = {
    "same_number": "under the same number",
    "suffix": "under its number with a suffix",
    "new_number": "under a new number linked to it",
}


class WrongRouteError(InvalidInputError):
    """The site takes no such appeal; sent this way, it would forfeit the money."""

    code = "wrong_route"


@dataclass(frozen=True)
class Route:
    """An invoice's way to an appeal. `due_on` is None when nothing can be appealed; `used` counts appeals made."""

    kind: AppealRouteKind
    terms: AppealRoute
    resubmission: str
    carrier_name: str
    window_days: int
    due_on: date | None
    used: int

    @property
    def sentence(self) -> str:
        """Return the route for people."""
        if self.due_on is None:
            return f"{self.carrier_name} takes no appeals."
        most = "" if self.terms.max_count is None else f" Appeal {self.used + 1} of {self.terms.max_count}."
        reasons = ", a reason for each line" if self.terms.reason_per_line else ""
        papers = "" if self.terms.documents else " No documents."
        return f"{_KINDS[self.kind]}{reasons}, within {self.window}.{papers}{most}"

    @property
    def window(self) -> str:
        """Return how long and since when: '30 days of the decision'."""
        days = "business day" if self.terms.days == "business" else "day"
        since = "the decision" if self.terms.clock == "decision" else "delivery"
        return f"{self.window_days} {days}{'' if self.window_days == 1 else 's'} of {since}"

    @property
    def resubmission_words(self) -> str:
        """Return how a rejected invoice goes back: 'under the same number'."""
        return _RESUBMISSIONS[self.resubmission]


def route_of(session: Session, invoice: Invoice) -> Route:
    """Return the way to an appeal of an invoice, by its carrier's profile in force.

    Raises:
        InvalidInputError: the carrier has no active profile.
    """
    active = active_profiles(session, [invoice.carrier_id]).get(invoice.carrier_id)
    carrier: Carrier = lifecycle.get(session, Carrier, invoice.carrier_id)
    if active is None:
        message = f"{carrier.name} has no active profile, so its route is not known. Ask an administrator for one."
        raise InvalidInputError(message, carrier_id=invoice.carrier_id)
    made = select(func.count()).where(
        col(Appeal.invoice_id) == invoice.id, col(Appeal.status) != AppealStatus.WITHDRAWN
    )
    money = active.profile.money
    return Route(
        kind=AppealRouteKind(money.appeal.kind),
        terms=money.appeal,
        resubmission=money.resubmission,
        carrier_name=carrier.name,
        window_days=money.appeal_window_days,
        due_on=due_date(money, decided_at=invoice.decided_at, delivered_at=invoice.delivered_at),
        used=session.scalars(made).one(),
    )


def due_date(money: MoneyTerms, *, decided_at: datetime | None, delivered_at: datetime | None) -> date | None:
    """Return the last day of the window; None when nothing can be appealed or the clock has not begun.

    Business days leave out Saturdays and Sundays; holidays differ by carrier and are not left out, so that the day
    shown is never too late.
    """
    since = decided_at if money.appeal.clock == "decision" else delivered_at
    if since is None or money.appeal_window_days == 0:
        return None
    day, left = since.date(), money.appeal_window_days
    if money.appeal.days == "calendar":
        return day + timedelta(days=left)
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def check_route(
    session: Session, invoice: Invoice, route: Route, line_numbers: Collection[int | None], *, on: date
) -> None:
    """Check that these lines (None = the whole invoice) may be appealed on a day.

    Raises:
        WrongStateError: nothing was cut, another invoice stands in its place, or an appeal is under way.
        WrongRouteError: the site takes no such appeal; the sentence says which way is right.
    """
    _check_invoice(session, invoice)
    _check_window(invoice, route, on)
    if route.terms.max_count is not None and route.used >= route.terms.max_count:
        had = "one appeal" if route.terms.max_count == 1 else f"{route.terms.max_count} appeals"
        message = (
            f"{route.carrier_name} takes {had} of an invoice, and {invoice.number} has had that. Nothing was drafted; "
            f"{_other_way(invoice, route)}."
        )
        raise WrongRouteError(message, invoice_id=invoice.id)
    _check_kind(invoice, route, line_numbers)


def _check_invoice(session: Session, invoice: Invoice) -> None:
    if invoice.document_status is not DocumentStatus.DELIVERED or invoice.decision_status not in CUT:
        decision = invoice.decision_status.value
        message = (
            f"Invoice {invoice.number} is {invoice.document_status.value} and its decision is {decision}, so there is "
            "no cut to appeal. Nothing was drafted."
        )
        raise WrongStateError(message, invoice_id=invoice.id)
    under_way = session.scalars(
        select(Appeal).where(col(Appeal.invoice_id) == invoice.id, col(Appeal.status).in_(_OPEN))
    ).first()
    if under_way is not None:
        what = "change or withdraw it" if under_way.status is AppealStatus.DRAFTED else "record its answer"
        message = f"Appeal {under_way.number} of {invoice.number} is {under_way.status.value}; {what} first."
        raise WrongStateError(message, appeal_id=row_id(under_way))


def _check_window(invoice: Invoice, route: Route, on: date) -> None:
    if route.due_on is None:
        message = f"{route.carrier_name} takes no appeals. Nothing was drafted; {_other_way(invoice, route)}."
        raise WrongRouteError(message, invoice_id=invoice.id)
    if on > route.due_on:
        message = (
            f"The last day to appeal invoice {invoice.number} was {route.due_on:%Y-%m-%d}: {route.window}. Nothing was "
            f"saved; {_other_way(invoice, route)}."
        )
        raise WrongRouteError(message, invoice_id=invoice.id)


def _check_kind(invoice: Invoice, route: Route, line_numbers: Collection[int | None]) -> None:
    whole = None in line_numbers
    if route.kind is AppealRouteKind.LINES_ONLY and whole:
        back = (
            f"; a rejected invoice goes back corrected, {route.resubmission_words}"
            if invoice.decision_status is DecisionStatus.REJECTED
            else "; choose the lines that were cut"
        )
        message = f"{route.carrier_name} takes appeals of single lines, never of a whole invoice{back}."
        raise WrongRouteError(f"{message} Nothing was drafted.", invoice_id=invoice.id)
    if route.kind is AppealRouteKind.SECOND_REVIEW and not whole:
        message = (
            f"{route.carrier_name} takes no appeals of single lines: it looks at the whole invoice once more. Nothing "
            "was drafted; ask for a second review of the invoice."
        )
        raise WrongRouteError(message, invoice_id=invoice.id)
    if route.kind is AppealRouteKind.BEFORE_PAYMENT and invoice.cash_status is not CashStatus.UNPAID:
        paid = invoice.cash_status.value.replace("_", " ")
        message = (
            f"{route.carrier_name} takes appeals only before it pays, and {invoice.number} is {paid}. Nothing was "
            "drafted; accept the cut, or speak with the carrier's handler."
        )
        raise WrongRouteError(message, invoice_id=invoice.id)


def _other_way(invoice: Invoice, route: Route) -> str:
    if invoice.decision_status is DecisionStatus.REJECTED:
        return f"correct it and send it back {route.resubmission_words}"
    return "accept the cut, or speak with the carrier's handler"
