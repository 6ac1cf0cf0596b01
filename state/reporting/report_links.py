"""Where the rows behind a report's row are: only lists that show exactly these are named."""

from collections.abc import Callable

from services.reporting.ageing import OWED_DAYS, labels
from services.reporting.question import ReportQuestion
from services.reporting.table import ReportRow
from state.addresses import query

BLOCKED = {
    "Overdue for review": "/review?status=in_review&age=overdue",
    "Returned, not corrected yet": "/review?status=returned",
    "File in doubt": "/submissions?column=in_doubt",
    "File needs attention": "/submissions?column=needs_attention",
    "File refused by the site": "/submissions?column=refused",
    "Mail in doubt": "/mail?view=to_do",
    "Mail stopped": "/mail?view=to_do",
    "Carrier or account paused": "/submissions",
}
_STAFF_ONLY = ("/submissions", "/mail")
_STATES = {
    "Draft": "/review?status=draft",
    "In review": "/review?status=in_review",
    "In approval": "/review?status=in_approval",
    "Returned": "/review?status=returned",
    "Held": "/review?status=held",
    "Approved": "/review?status=approved",
    "Invoice made, to deliver": "/invoices?document=open",
    "Delivered": "/invoices?document=delivered",
}
_AGES = dict(zip(labels(OWED_DAYS), (0, *(limit + 1 for limit in OWED_DAYS)), strict=True))


def links_of(report: str, question: ReportQuestion) -> Callable[[str, ReportRow], str]:
    """Return the function that names the list behind a table's row, '' where no list shows just these."""

    def href(table: str, row: ReportRow) -> str:
        name = str(row[0])
        if question.attorney_id is not None:
            return ""  # no list is narrowed by attorney
        if (report, table) == ("cycle", "states") and question.carrier_id is None:
            return f"{_STATES[name]}&period={question.last.isoformat()}"
        if (report, table) == ("ageing", "owed"):
            return f"/invoices{query({'view': 'owed', 'age': str(_AGES[name]), 'carrier': _text(question.carrier_id)})}"
        if report == "blocked" and question.carrier_id is None:
            return open_to(BLOCKED[name], is_staff=question.me is None)
        return ""

    return href


def open_to(address: str, *, is_staff: bool) -> str:
    """Return a list's address, '' where it is for billing alone and the reader is not of it."""
    return address if is_staff or not address.startswith(_STAFF_ONLY) else ""


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
