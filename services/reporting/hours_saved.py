"""Hours that nobody typed: three minutes for each file that the portal placed, by billing month and by carrier."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import func, select
from sqlmodel import Session

from adapters.spreadsheets import Kind, SheetColumn
from models import Carrier, Invoice, Matter, Proforma, Submission
from models.enums import ReceiptSource, SubmissionStatus
from services.overview import MINUTES_A_FILE_BY_HAND
from services.reporting.question import AnySelect, ReportQuestion, in_months, of_invoices
from services.reporting.table import Report, ReportTable, count, text
from services.tables import table_of

_I, _M, _P, _S, _C = (table_of(model) for model in (Invoice, Matter, Proforma, Submission, Carrier))
_TENTH = Decimal("0.1")


def hours_saved(session: Session, question: ReportQuestion) -> tuple[ReportTable, ...]:
    """Return the files of the months' bills that the portal placed, by billing month and by carrier."""
    months: Counter[str] = Counter()
    carriers: Counter[str] = Counter()
    for period_end, carrier, files in session.execute(_placed(question)):
        months[f"{period_end:%Y-%m}"] += files
        carriers[carrier] += files
    return (
        _table("month", "By billing month", "Month", sorted(months.items())),
        _table("carrier", "By carrier", "Carrier", sorted(carriers.items(), key=lambda one: (-one[1], one[0]))),
    )


def hours_of(files: int) -> Decimal:
    """Return the hours that so many files would have taken by hand, to a tenth."""
    return (Decimal(files * MINUTES_A_FILE_BY_HAND) / 60).quantize(_TENTH, ROUND_HALF_UP)


def _table(name: str, title: str, first: str, found: list[tuple[str, int]]) -> ReportTable:
    columns = (text(first), count("Files"), SheetColumn("Hours saved", Kind.NUMBER, 14))
    rows = tuple((label, files, hours_of(files)) for label, files in found)
    files = sum(files for _, files in found)
    return ReportTable(name, title, columns, rows, ("All", files, hours_of(files)))


def _placed(question: ReportQuestion) -> AnySelect:
    return (
        select(_P.c.period_end, _C.c.name, func.count())
        .select_from(_S)
        .join(_I, _I.c.id == _S.c.invoice_id)
        .join(_P, _P.c.id == _I.c.proforma_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .join(_C, _C.c.id == _S.c.carrier_id)
        .where(
            _S.c.status == SubmissionStatus.DELIVERED,
            _S.c.receipt_source == ReceiptSource.SITE,
            in_months(question, _P),
            *of_invoices(question, _I, _M),
        )
        .group_by(_P.c.period_end, _C.c.id, _C.c.name)
    )


HOURS_SAVED = Report("hours-saved", "Hours saved", "Files that nobody typed, at three minutes each.", hours_saved)
