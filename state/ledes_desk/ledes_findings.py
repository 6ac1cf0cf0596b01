"""The findings of an open LEDES file, filtered and paged on the server, each with the bytes it is about."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import reflex as rx

from core.errors import BillingError
from models.enums import Role
from services.ledes_desk.ledes_bench import Exhibit, Finding, FindingCode, Piece, Severity, examination, show_place
from services.ledes_desk.ledes_examinations import MOST_OF_A_CODE, Examination
from services.listing import PAGE_SIZE
from state.addresses import as_choice, as_number
from state.guard import guarded
from state.ledes_desk.ledes_address import BenchAddress, bench_address, opened, page_of
from state.responses.assigning import assign


@dataclass(frozen=True)
class FindingItem:
    """One finding, as text; `place` says where, `href` opens the bytes."""

    id: str
    code: str
    code_words: str
    severity: str
    place: str
    field: str
    value: str
    message: str
    fix: str
    href: str


@dataclass(frozen=True)
class CodeChoice:
    """One code to filter by."""

    label: str
    count: str
    value: str
    severity: str
    href: str


@dataclass(frozen=True)
class PieceItem:
    """One part of the raw line; `kind` is '', 'value', 'odd' or 'odd value'."""

    text: str
    kind: str
    title: str


@dataclass(frozen=True)
class PlaceItem:
    """The bytes of the chosen finding."""

    where: str
    bytes: str
    encoding: str
    is_cut_before: bool
    is_cut_after: bool


NO_FINDING = FindingItem("", "", "", "", "", "", "", "", "", "")
NO_PLACE = PlaceItem("", "", "", is_cut_before=False, is_cut_after=False)


class LedesFindings(rx.State):
    """What is wrong with the open file, in its order."""

    rows: list[FindingItem] = []
    codes: list[CodeChoice] = []
    severities: list[CodeChoice] = []
    code: str = ""
    severity: str = ""
    range_text: str = ""
    has_previous: bool = False
    has_next: bool = False
    not_listed: str = ""
    chosen: FindingItem = NO_FINDING
    place: PlaceItem = NO_PLACE
    pieces: list[PieceItem] = []
    odd: list[PieceItem] = []
    close_href: str = ""
    is_loading: bool = True
    key: str = ""
    failure: str = ""

    _roles = frozenset({Role.BILLER, Role.ADMIN, Role.ATTORNEY})
    _page: int = 1
    _listed_for: str = ""

    @rx.event
    @guarded(by_page=True)
    async def show(self) -> None:
        """Show the findings as the address asks for them."""
        address = bench_address(self.router.url.query_parameters)
        listed_for = address.href(finding="")
        if listed_for != self._listed_for:
            self._listed_for, self._page = listed_for, 1
        await self._refresh(address)

    @rx.event
    @guarded(by_page=True)
    async def turn(self, pages: int) -> None:
        """Go forward or back by a number of pages."""
        self._page = min(max(self._page + pages, 1), 1_000_000)
        await self._refresh(bench_address(self.router.url.query_parameters))

    async def _refresh(self, address: BenchAddress) -> None:
        try:
            found, exhibit = await asyncio.to_thread(_read, address)
        except BillingError as error:
            assign(self, failure=error.user_message, is_loading=False, key=address.key)
            return
        severity, code = as_choice(Severity, address.severity), as_choice(FindingCode, address.code)
        wanted = _wanted(found.findings, severity, code)
        self._page, range_text, has_next = page_of(len(wanted), self._page, PAGE_SIZE)
        start = (self._page - 1) * PAGE_SIZE
        rows = [_row(place, one, address) for place, one in wanted[start : start + PAGE_SIZE]]
        assign(self, rows=rows, range_text=range_text, has_previous=self._page > 1, has_next=has_next)
        assign(self, severity=severity or "", code=code or "", not_listed=_not_listed(found))
        assign(self, codes=_codes(found, address), severities=_severities(found, address))
        self._show_place(found, exhibit, address)
        assign(self, failure="", is_loading=False, key=address.key)

    def _show_place(self, found: Examination, exhibit: Exhibit | None, address: BenchAddress) -> None:
        chosen = as_number(address.finding)
        if exhibit is None or chosen is None:
            assign(self, chosen=NO_FINDING, place=NO_PLACE, pieces=[], odd=[])
            return
        assign(self, chosen=_row(chosen, found.findings[chosen], address), close_href=address.href(finding=""))
        assign(self, place=_place(exhibit, found.findings[chosen]), pieces=_pieces(exhibit))
        assign(self, odd=[PieceItem(code, "odd", name.capitalize()) for code, name in exhibit.odd])


def _read(address: BenchAddress) -> tuple[Examination, Exhibit | None]:
    bench = opened(address)
    found, chosen = examination(bench), as_number(address.finding)
    if chosen is None or chosen >= len(found.findings):
        return found, None
    return found, show_place(bench, found.findings[chosen])


def _wanted(
    findings: Sequence[Finding], severity: Severity | None, code: FindingCode | None
) -> list[tuple[int, Finding]]:
    return [
        (place, one)
        for place, one in enumerate(findings)
        if severity in {None, one.severity} and code in {None, one.code}
    ]


def _row(place: int, finding: Finding, address: BenchAddress) -> FindingItem:
    return FindingItem(
        id=str(place),
        code=finding.code.value,
        code_words=code_words(finding.code.value),
        severity=finding.severity.value,
        place=_where(finding),
        field=finding.field,
        value=finding.value,
        message=finding.message,
        fix=finding.fix,
        href=address.href(finding=str(place)),
    )


def code_words(code: str) -> str:
    """Return a finding's code as words: 'bad_number' -> 'Bad number'."""
    return code.replace("_", " ").capitalize().replace("ascii", "ASCII")


def _where(finding: Finding) -> str:
    if finding.row == 0:
        return "Whole file"
    return f"Row {finding.row:,}, column {finding.column}" if finding.column else f"Row {finding.row:,}"


def _severities(found: Examination, address: BenchAddress) -> list[CodeChoice]:
    total = sum(found.counts.values())
    every = CodeChoice("All", f"{total:,}", "", "", address.href(severity="", code="", finding=""))
    return [every] + [
        CodeChoice(
            f"{severity.value.capitalize()}s",
            f"{found.count(severity):,}",
            severity.value,
            severity.value,
            address.href(severity=severity.value, code="", finding=""),
        )
        for severity in Severity
    ]


def _codes(found: Examination, address: BenchAddress) -> list[CodeChoice]:
    """Return the codes that there are under the chosen severity, the most frequent first."""
    counted = sorted(
        ((code, severity, count) for (severity, code), count in found.counts.items()), key=lambda one: (one[0], one[1])
    )
    severity = as_choice(Severity, address.severity)
    choices = []
    for code, group in groupby(counted, key=lambda one: one[0]):
        of_code = [one for one in group if severity in {None, one[1]}]
        if of_code:
            count = sum(one[2] for one in of_code)
            chosen = "" if address.code == code else code
            href = address.href(code=chosen, finding="")
            choices.append((count, CodeChoice(code_words(code), f"{count:,}", code, of_code[0][1], href)))
    return [choice for _, choice in sorted(choices, key=lambda one: -one[0])]


def _not_listed(found: Examination) -> str:
    hidden = sum(found.counts.values()) - len(found.findings)
    return f"{hidden:,} more are counted, not listed: {MOST_OF_A_CODE:,} of a code are shown." if hidden else ""


def _place(exhibit: Exhibit, finding: Finding) -> PlaceItem:
    where = _where(finding)
    if exhibit.columns and exhibit.column:
        where = f"Row {exhibit.row:,}, column {exhibit.column} of {exhibit.columns}"
    if exhibit.row == 0:
        span = "The file begins so"
    elif exhibit.last < exhibit.first:
        span = f"Blank at byte {exhibit.first:,}"
    else:
        span = f"Bytes {exhibit.first:,} to {exhibit.last:,}"
    return PlaceItem(where, span, exhibit.encoding.upper(), exhibit.is_cut_before, exhibit.is_cut_after)


def _pieces(exhibit: Exhibit) -> list[PieceItem]:
    pieces = [_piece(one) for one in exhibit.pieces]
    if exhibit.row and exhibit.last < exhibit.first:
        pieces.insert(exhibit.before, PieceItem("blank", "value blank", "Nothing stands here"))
    return pieces


def _piece(piece: Piece) -> PieceItem:
    kind = " ".join(word for word, is_so in (("odd", piece.code_point), ("value", piece.is_marked)) if is_so)
    title = f"{piece.code_point} {piece.name}" if piece.code_point else ""
    return PieceItem(piece.text, kind, title)
