"""Matters as rows of text: how often each is billed, its hold, its work in progress and its bills."""

from dataclasses import dataclass

from core.money import as_dollars, total
from models.enums import BillingFrequency, MatterStatus
from services.billing.billing_preview import Obstacle
from services.billing.billing_selection import Reason
from services.billing.matter_closing import Closing
from services.billing.matters import BillOfMatter, HeldWork, MatterDetail, MatterRow
from state.words import counted, day, units

FREQUENCIES = {
    BillingFrequency.MONTHLY: "Monthly",
    BillingFrequency.QUARTERLY: "Quarterly",
    BillingFrequency.SEMIANNUAL: "Twice a year",
    BillingFrequency.ANNUAL: "Once a year",
    BillingFrequency.AT_CLOSE: "When it is closed",
    BillingFrequency.ON_DEMAND: "When asked for",
}
# What is no hindrance, or stands in a part of its own.
_LEFT_OUT = frozenset({Reason.ON_LIVE_PROFORMA, Reason.BEFORE_PERIOD, Reason.HELD_UNTIL})


@dataclass(frozen=True)
class Choice:
    """One choice of a field."""

    value: str
    label: str


@dataclass(frozen=True)
class MatterItem:
    """One matter; `hold` is '' while it is not held."""

    id: str = ""
    number: str = ""
    name: str = ""
    attorney: str = ""
    carrier: str = ""
    frequency: str = ""
    frequency_value: str = ""
    hold: str = ""
    hold_reason: str = ""
    is_closed: bool = False
    href: str = ""


@dataclass(frozen=True)
class BillItem:
    """One proforma or invoice of a matter."""

    name: str
    made: str
    status: str
    amount: str
    href: str


@dataclass(frozen=True)
class HeldItem:
    """One entry that is held until a day; `key` is what the page sends back to end it."""

    key: str
    words: str
    detail: str
    amount: str


@dataclass(frozen=True)
class Hindrance:
    """Why work of the matter would not be billed today."""

    reason: str
    sentence: str
    lines: str
    amount: str


def frequency_choices() -> list[Choice]:
    """Return how often a matter may be billed."""
    return [Choice(value.value, label) for value, label in FREQUENCIES.items()]


def matter_item(row: MatterRow, asked: str = "") -> MatterItem:
    """Return the row of one matter; `asked` is what the list was asked for, as in '?held=yes'."""
    return MatterItem(
        id=str(row.id),
        number=row.number,
        name=row.name,
        attorney=row.attorney,
        carrier=row.carrier,
        frequency=FREQUENCIES[row.frequency],
        frequency_value=row.frequency.value,
        hold=f"Held until {day(row.hold_until)}" if row.hold_until else "",
        hold_reason=row.hold_reason,
        is_closed=row.status is MatterStatus.CLOSED,
        href=f"/matters/{row.id}{asked}",
    )


def bill_item(bill: BillOfMatter, page: str) -> BillItem:
    """Return the row of a proforma or an invoice; `page` is the one that shows it."""
    return BillItem(
        name=bill.number,
        made=day(bill.made_at.date()),
        status=bill.status.value,
        amount=as_dollars(bill.amount),
        href=f"/{page}/{bill.id}",
    )


def held_item(work: HeldWork) -> HeldItem:
    """Return the row of what is held of a matter."""
    return HeldItem(
        key=f"{work.kind.value}-{work.id}",
        words=f"{day(work.worked_on)} · {work.who or 'Expense'} · {units(work.units)}",
        detail=work.detail,
        amount=as_dollars(work.amount) if work.amount is not None else "no rate",
    )


def closing_words(closing: Closing | None) -> str:
    """Return who closed or reopened a matter last and why: 'Closed by Dana Brooks, 3 Nov 2026: settled'."""
    if closing is None:
        return ""
    verb = "Closed" if closing.is_closed else "Reopened"
    return f"{verb} by {closing.who}, {day(closing.at.date())}: {closing.reason}"


def closing_question(found: MatterDetail) -> str:
    """Return what follows from closing a matter, or from reopening it."""
    if found.row.status is MatterStatus.CLOSED:
        return "Its unbilled work is billed again by the next runs, and late work may be put on its bills."
    amount, count = total(one.amount for one in found.work), sum(one.count for one in found.work)
    if not count:
        return "No bill is made of it while it is closed. Bills that are under way go their way."
    is_final = found.row.frequency is BillingFrequency.AT_CLOSE
    then = "the next billing run makes its final bill of it" if is_final else "nobody bills it while it is closed"
    return f"{as_dollars(amount)} of work in progress ({counted(count, 'line')}) is not invoiced: {then}."


def hindrances(obstacles: tuple[Obstacle, ...]) -> list[Hindrance]:
    """Return why work would not be billed today; what is on a proforma, held or of earlier months stands elsewhere."""
    return [
        Hindrance(
            one.reason.replace("_", " ").capitalize(),
            one.detail or one.sentence,
            counted(one.line_count, "line"),
            as_dollars(one.amount),
        )
        for one in obstacles
        if one.reason not in _LEFT_OUT
    ]
