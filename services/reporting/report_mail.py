"""The mail that brings a report: its first figures in the text, all of them in a workbook, and the way to end it."""

from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from core.clock import today
from core.settings import Settings
from models import ReportSchedule, SavedReport, User
from models.enums import Cadence
from services.actor import actor_of
from services.asked import Asked
from services.notifications.mails import Reader, report_mail
from services.reporting.cells import cell_text, is_number
from services.reporting.choices import question_words
from services.reporting.question import checked_filters
from services.reporting.reports import make_report
from services.reporting.table import Report, ReportRow, ReportTable
from services.reporting.workbook import write_report

_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_MOST_ROWS = 15
_RHYTHMS = {Cadence.WEEKLY: "every week", Cadence.MONTHLY: "every month"}


@dataclass(frozen=True)
class Cell:
    """One figure of the mail's table."""

    text: str
    is_number: bool


@dataclass(frozen=True)
class ReportFacts:
    """What the mail says: names, figures and links, made with the rights of who gets it."""

    name: str
    report: str
    words: str
    title: str
    note: str
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...]
    more: int
    others: int
    rhythm: str
    url: str


@dataclass(frozen=True)
class MadeReport:
    """A report that was read for a mail; `schedule` and `user` say whose."""

    schedule: ReportSchedule
    user: User
    name: str
    report: Report
    words: str
    tables: tuple[ReportTable, ...]


def read_report(session: Session, schedule: ReportSchedule, saved: SavedReport, user: User) -> MadeReport:
    """Make the report that a mail brings, with the rights that its reader has now.

    Raises:
        DeniedError: the reader may see no reports any more.
        NotFoundError: there is no such report any more.
    """
    filters = checked_filters({name: str(value) for name, value in saved.filters.items()})
    report, question, tables = make_report(session, actor_of(user), name=saved.report, asked=Asked(filters))
    return MadeReport(schedule, user, saved.name, report, question_words(session, report, question), tables)


def compose_report_mail(made: MadeReport, message_id: str, settings: Settings) -> EmailMessage:
    """Return the mail, whole.

    Raises:
        InvalidInputError: the reader's address is none.
    """
    end_url = f"{settings.public_url}/unsubscribe/report/{made.schedule.token}"
    reader = Reader(made.user.name, made.user.email, end_url, one_click_url=end_url)
    facts = _facts(made, f"{settings.public_url}/reports/{made.schedule.saved_report_id}")
    message = report_mail(facts, f"{made.name}: {made.words}", reader, message_id, settings)
    main, sub = _XLSX
    message.add_attachment(_workbook(made, settings), maintype=main, subtype=sub, filename=_file_name(made))
    return message


def _facts(made: MadeReport, url: str) -> ReportFacts:
    table = made.tables[0]
    shown = table.rows[:_MOST_ROWS] if made.report.name != "cycle" else table.rows[-_MOST_ROWS:]
    return ReportFacts(
        name=made.name,
        report=made.report.title,
        words=made.words,
        title=table.title,
        note=table.note,
        columns=tuple(Cell(column.title, is_number(column)) for column in table.columns),
        rows=tuple(_cells(table, row) for row in shown),
        total=_cells(table, table.total) if table.total is not None and table.rows else (),
        more=len(table.rows) - len(shown),
        others=len(made.tables) - 1,
        rhythm=_RHYTHMS[made.schedule.cadence],
        url=url,
    )


def _cells(table: ReportTable, row: ReportRow) -> tuple[Cell, ...]:
    return tuple(
        Cell(cell_text(column, value), is_number(column)) for column, value in zip(table.columns, row, strict=True)
    )


def _workbook(made: MadeReport, settings: Settings) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        write_report(path, made.report, made.words, made.tables, author=settings.firm_name)
        return path.read_bytes()


def _file_name(made: MadeReport) -> str:
    return f"{made.report.name}-{today()}.xlsx"
