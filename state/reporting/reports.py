"""Reports: one at a time, as its address asks for it; the address alone says everything."""

import asyncio
from dataclasses import dataclass
from datetime import date

import reflex as rx
from reflex_base.event import EventSpec

from core.clock import now, today
from core.db import read_only
from core.errors import BillingError
from models.enums import Role
from services.asked import Asked, as_day
from services.reporting.choices import ReportChoices, question_words, report_choices
from services.reporting.question import FILTERS, ReportQuestion, checked_filters
from services.reporting.reports import REPORTS, make_report
from services.reporting.saved_reports import SavedRow, open_saved
from services.reporting.table import Report, ReportTable
from state.addresses import number_in, query
from state.guard import actor, guarded
from state.reporting.charts import NO_CHART, Chart, chart_of
from state.reporting.report_links import links_of
from state.reporting.report_rows import FileView, TableView, file_views, table_view
from state.responses.assigning import assign

_FIRST = next(iter(REPORTS))
_CHOSEN = "chosen"
_MONTHS_OFFERED = 36
READERS = (Role.BILLER, Role.ATTORNEY, Role.ADMIN)


@dataclass(frozen=True)
class TabLink:
    """One report in the row above."""

    label: str
    value: str
    href: str


@dataclass(frozen=True)
class Choice:
    """One choice of a filter."""

    value: str
    name: str


@dataclass(frozen=True)
class _Read:
    """What one look at the database gave."""

    saved: SavedRow | None
    report: Report
    question: ReportQuestion
    words: str
    tables: tuple[ReportTable, ...]
    choices: ReportChoices


class Reports(rx.State):
    """One report with its filters; `saved_id` is the saved one that is open, '' = none."""

    report: str = _FIRST
    title: str = ""
    hint: str = ""
    words: str = ""
    as_of: str = ""
    span: str = ""
    tabs: list[TabLink] = []
    spans: list[Choice] = []
    months: list[Choice] = []
    carriers: list[Choice] = []
    attorneys: list[Choice] = []
    chosen_span: str = ""
    first_month: str = ""
    last_month: str = ""
    carrier: str = ""
    attorney: str = ""
    points: list[dict] = []
    summary: str = ""
    chart_height: int = 0
    tables: list[TableView] = []
    files: list[FileView] = []
    saved_id: str = ""
    is_changed: bool = False
    is_loading: bool = True
    failure: str = ""

    _roles = frozenset(READERS)
    _asked: dict[str, str] = {}

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Make the report that the address asks for; runs when the page opens and when it is refreshed."""
        parameters = {name: str(value)[:40] for name, value in self.router.url.query_parameters.items()}
        saved_id = number_in(self.router.url.path)
        try:
            found = await asyncio.to_thread(_read, saved_id, parameters)
        except BillingError as refused:
            self._show_nothing(refused.user_message)
            return
        self._show(found, checked_filters(_asked(found.saved, parameters)))

    @rx.event
    @guarded(by_page=True)
    async def choose(self, name: str, value: str) -> EventSpec | None:
        """Narrow the report by one filter; '' takes the filter away."""
        if name not in FILTERS:
            return None
        rest = {key: kept for key, kept in self._asked.items() if key != name}
        if name in ("from", "to"):
            rest.pop("months", None)
        return self._go(checked_filters({**rest, name: value}))

    @rx.event
    @guarded(by_page=True)
    async def choose_span(self, value: str) -> EventSpec:
        """Show the last so many months, or months of one's own choice."""
        rest = {key: kept for key, kept in self._asked.items() if key not in ("months", "from", "to")}
        span = {"from": self.first_month, "to": self.last_month} if value == _CHOSEN else {"months": value}
        return self._go(checked_filters({**rest, **span}))

    def _go(self, filters: dict[str, str]) -> EventSpec:
        path = f"/reports/{self.saved_id}" if self.saved_id else "/reports"
        return rx.redirect(f"{path}{query({'report': self.report, **filters})}")

    def _show(self, found: _Read, asked: dict[str, str]) -> None:
        report, question, saved = found.report, found.question, found.saved
        self._asked = asked
        chart = chart_of(report.name, found.tables, question)
        assign(
            self,
            report=report.name,
            title=report.title,
            hint=report.hint,
            words=found.words,
            as_of=f"{now():%H:%M} UTC",
            span=report.span.value,
            tabs=_tabs(asked),
            tables=[table_view(table, links_of(report.name, question)) for table in found.tables],
            files=file_views(report.name, found.tables, query(asked)),
            saved_id=str(saved.id) if saved else "",
            is_changed=saved is not None and (saved.report, saved.filters) != (report.name, asked),
            is_loading=False,
            failure="",
        )
        self._draw(chart)
        self._offer(found.choices, question)

    def _draw(self, chart: Chart) -> None:
        assign(self, points=chart.points, summary=chart.summary, chart_height=chart.height)

    def _offer(self, choices: ReportChoices, question: ReportQuestion) -> None:
        asked = self._asked
        first, last = f"{question.first:%Y-%m}", f"{question.last:%Y-%m}"
        is_chosen = "from" in asked or "to" in asked
        assign(
            self,
            spans=_SPANS,
            months=_months(first, last),
            carriers=[Choice(str(key), name) for key, name in choices.carriers.items()],
            attorneys=[Choice(str(key), name) for key, name in choices.attorneys.items()],
            chosen_span=_CHOSEN if is_chosen else _known_span(asked.get("months", "")),
            first_month=first,
            last_month=last,
            carrier=asked.get("carrier", ""),
            attorney=asked.get("attorney", ""),
        )

    def _show_nothing(self, failure: str) -> None:
        self._asked = {}
        assign(self, tabs=_tabs({}), tables=[], files=[], title="", hint="", words="", saved_id="", is_changed=False)
        self._draw(NO_CHART)
        self.failure, self.is_loading = failure, False


def _read(saved_id: int | None, parameters: dict[str, str]) -> _Read:
    with read_only() as session:
        saved = open_saved(session, actor(), saved_id=saved_id) if saved_id is not None else None
        name = parameters.get("report", "") or (saved.report if saved else _FIRST)
        asked = checked_filters(_asked(saved, parameters))
        report, question, tables = make_report(session, actor(), name=name, asked=Asked(asked))
        words = question_words(session, report, question)
        return _Read(saved, report, question, words, tables, report_choices(session, actor()))


def _asked(saved: SavedRow | None, parameters: dict[str, str]) -> dict[str, str]:
    """Return the filters: the saved ones until the address names any of its own."""
    return parameters if saved is None or "report" in parameters else saved.filters


def _tabs(asked: dict[str, str]) -> list[TabLink]:
    return [
        TabLink(report.title, name, f"/reports{query({'report': name, **asked})}") for name, report in REPORTS.items()
    ]


def _months(first: str, last: str) -> list[Choice]:
    """Return the months that can be chosen, the newest first; those that are asked for are among them."""
    this = today().year * 12 + today().month - 1
    offered = {f"{month // 12}-{month % 12 + 1:02}" for month in range(this - _MONTHS_OFFERED, this + 1)}
    return [Choice(month, _month_name(month)) for month in sorted(offered | {first, last}, reverse=True)]


def _month_name(month: str) -> str:
    found: date | None = as_day(f"{month}-01")
    return f"{found:%B %Y}" if found else month


def _known_span(months: str) -> str:
    return months if months in {span.value for span in _SPANS} else "12" if not months else _CHOSEN


_SPANS = [
    Choice("1", "Last billing month"),
    *(Choice(str(count), f"Last {count} billing months") for count in (3, 6, 12, 24)),
    Choice(_CHOSEN, "Months of my choice"),
]
