"""Saved reports and those that come by mail, in the words of the page."""

from dataclasses import dataclass

from models.enums import Cadence
from services.reporting.reports import REPORTS
from services.reporting.saved_reports import SavedRow
from services.reporting.schedules import MailRow, ScheduleRow
from state.words import day, moment

CADENCES = {Cadence.WEEKLY: "Every week", Cadence.MONTHLY: "Every month"}


@dataclass(frozen=True)
class SavedView:
    """One saved report in the list."""

    id: str
    version: str
    name: str
    hint: str
    href: str
    is_mine: bool
    is_shared: bool


@dataclass(frozen=True)
class MailView:
    """One mail that came, or did not."""

    slot: str
    words: str
    is_wrong: bool


@dataclass(frozen=True)
class ScheduleView:
    """One report that comes by mail."""

    id: str
    saved_id: str
    name: str
    cadence: str
    cadence_name: str
    next: str
    href: str
    mails: list[MailView]


def saved_view(row: SavedRow) -> SavedView:
    """Return a saved report as the list shows it."""
    report = REPORTS[row.report].title if row.report in REPORTS else "All reports"
    owner = "" if row.is_mine else f" · shared by {row.owner}"
    shared = " · shared with all" if row.is_mine and row.is_shared else ""
    return SavedView(
        str(row.id), str(row.version), row.name, f"{report}{owner}{shared}", f"/reports/{row.id}", row.is_mine,
        row.is_shared,
    )  # fmt: skip


def schedule_view(row: ScheduleRow) -> ScheduleView:
    """Return what comes by mail, with its last mails, as the page shows it."""
    return ScheduleView(
        id=str(row.id),
        saved_id=str(row.saved_id),
        name=row.name,
        cadence=row.cadence.value,
        cadence_name=CADENCES[row.cadence],
        next=f"next on {day(row.next_at.date())}",
        href=f"/reports/{row.saved_id}",
        mails=[_mail_view(mail) for mail in row.mails],
    )


def _mail_view(mail: MailRow) -> MailView:
    if mail.sent_at is not None:
        said = f"sent {moment(mail.sent_at)}. {mail.error}".strip(". ")
        return MailView(mail.slot, said, is_wrong=bool(mail.error))
    if mail.has_intent:
        return MailView(mail.slot, f"may have been sent; it is not sent again. {mail.error}".strip(), is_wrong=True)
    if mail.is_over:
        return MailView(mail.slot, f"not sent. {mail.error}", is_wrong=True)
    return MailView(mail.slot, f"waits to be sent. {mail.error}".strip(), is_wrong=bool(mail.error))
