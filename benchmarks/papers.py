"""2,000 invoice PDFs of 40 lines, beside a typesetter begun anew for each; and a list of 20,000 rows as a workbook."""

import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import Any

import typst
from openpyxl import Workbook

from adapters.spreadsheets import Kind, Row, Sheet, SheetColumn, csv_chunks, write_workbook
from adapters.typesetting import typeset_many
from core.money import line_amount, total
from core.settings import Settings
from models import InvoiceLine
from models.enums import EntryKind
from services.documents.invoice_facts import InvoiceFacts
from services.documents.invoice_paper import invoice_paper
from services.documents.letterhead import DOCUMENT, print_data

PAPERS, LINES, RIVALS = 2_000, 40, 60
ROWS = 20_000
_START = date(2026, 10, 1)
_PEOPLE = (
    ("TK001", "Reyes, Ana", "PT", "295"),
    ("TK064", "Whitcomb, Mei", "AS", "220"),
    ("TK114", "Fischer, I.", "LA", "115"),
)
_TASKS = ("L110", "L120", "L130", "L160", "L210", "L230", "L310", "L330", "L350", "L430")
_WORK = (
    "Analyze plaintiff's answers to interrogatories on comparative fault at the intersection for deficiencies",
    "Draft mediation statement addressing lost earning capacity and the economic loss rule",
    "Telephone interview of dispatcher E. Novak on events at the Wabash Avenue garage and adequacy of the guardrail",
    "Attend mediation before Judge Mbeki on negligent supervision claim",
)
_COLUMNS = (
    SheetColumn("Invoice"),
    SheetColumn("Matter"),
    SheetColumn("Matter name"),
    SheetColumn("Carrier"),
    SheetColumn("Claim"),
    SheetColumn("Amount", Kind.MONEY),
    SheetColumn("Approved", Kind.MONEY),
    SheetColumn("State"),
    SheetColumn("Decision"),
    SheetColumn("Made", Kind.MOMENT),
    SheetColumn("Age", Kind.COUNT),
)


def run() -> list[dict[str, object]]:
    """Return the benchmark's rows."""
    book, plain, most = _books()
    data = list(papers())
    before = _processor_time()
    ours, pages = _seconds(lambda: sum(1 for _ in typeset_many(DOCUMENT, data)))
    worked = _processor_time() - before
    alone, _ = _seconds(lambda: [anew(one) for one in data[:RIVALS]])
    if pages != PAPERS:
        message = f"{pages} of {PAPERS} papers were set."
        raise AssertionError(message)
    rival = alone * PAPERS / RIVALS
    return [
        {
            "figure": f"{PAPERS:,} invoice PDFs of {LINES} lines, tagged",
            "value": round(ours, 1),
            "unit": "s",
            "rival": f"a typesetter begun anew for each, from {RIVALS}",
            "rival_value": round(rival, 1),
            "ratio": round(rival / ours, 2),
            "target": "value <= 60",
        },
        {
            "figure": "The same in processor time, which two idle cores share",
            "value": round(worked, 1),
            "unit": "s",
            "rival": None,
            "rival_value": None,
            "ratio": None,
            "target": "value <= 120",
        },
        {
            "figure": f"{ROWS:,} rows as a workbook; {most:+} MB of memory",
            "value": round(book, 1),
            "unit": "s",
            "rival": "openpyxl as people use it",
            "rival_value": round(plain, 1),
            "ratio": round(plain / book, 2),
            "target": None,
        },
        {
            "figure": f"{ROWS:,} rows as CSV",
            "value": round(_seconds(lambda: sum(map(len, csv_chunks(_COLUMNS, [list(rows())]))))[0], 2),
            "unit": "s",
            "rival": None,
            "rival_value": None,
            "ratio": None,
            "target": None,
        },
    ]


def papers() -> Iterator[dict[str, Any]]:
    """Yield what each PDF is set with."""
    source, settings = random.Random(7), Settings()
    for number in range(1, PAPERS + 1):
        facts = _facts(source, number)
        yield print_data(f"Invoice {facts.number}", settings, [invoice_paper(facts, settings)])


def anew(data: dict[str, Any]) -> bytes:
    """Set one paper as a script would: read the document, look for fonts, set, forget."""
    made: Any = typst.compile(
        str(DOCUMENT),
        root=str(DOCUMENT.parent),
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"data": json.dumps(data)},
    )
    return bytes(made)


def rows() -> Iterator[Row]:
    """Yield the rows of a list of invoices."""
    source = random.Random(7)
    for number in range(ROWS):
        amount = Decimal(source.randrange(1, 9_999_999)) / 100
        yield (
            f"2026-{number:06}",
            f"0003-{number % 700:06}",
            "Abbott v. Halsted Builders",
            "Summit National",
            "SN/040458/A",
            amount,
            amount,
            "Delivered",
            "Approved",
            datetime(2026, 11, 2, 9, tzinfo=UTC),
            number % 90,
        )


def _books() -> tuple[float, float, int]:
    with TemporaryDirectory() as folder:
        before = _most_memory()
        ours, plain = Path(folder) / "ours.xlsx", Path(folder) / "plain.xlsx"
        streamed, _ = _seconds(
            lambda: write_workbook(ours, [Sheet("Invoices", _COLUMNS, rows())], title="Invoices", author="The firm")
        )
        most = _most_memory() - before
        whole, _ = _seconds(lambda: _write_whole(plain))
    return streamed, whole, most


def _processor_time() -> float:
    """Return the seconds that processors worked for this process and for those of it that have ended."""
    return sum(used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def _most_memory() -> int:
    """Return the megabytes that this process has held at most."""
    return getrusage(RUSAGE_SELF).ru_maxrss // 1024


def _write_whole(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for row in rows():
        sheet.append([value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in row])
    for row in sheet.iter_rows(min_col=6, max_col=7):
        for cell in row:
            cell.number_format = "#,##0.00"
    book.save(path)


def _facts(source: random.Random, number: int) -> InvoiceFacts:
    lines = tuple(_line(source, at) for at in range(1, LINES + 1))
    return InvoiceFacts(
        revision_id=number,
        invoice_id=number,
        number=f"2026-{number:06}",
        revision_number=1,
        file_name=f"2026-{number:06}.txt",
        invoice_date=date(2026, 11, 2),
        due_on=date(2026, 12, 17),
        period_start=_START,
        period_end=date(2026, 10, 31),
        total_amount=total(line.total_amount for line in lines),
        payor_name="Summit National",
        postal_lines=("Legal Invoices", "P.O. Box 5590", "Hartford, CT 06102"),
        client_code="SUMMIT",
        matter_number=f"0003-{number:06}",
        matter_name="Abbott v. Halsted Builders",
        claim_number="SN/040458/A",
        attorney_name="Ana Reyes",
        replaces_number="",
        lines=lines,
    )


def _line(source: random.Random, at: int) -> InvoiceLine:
    is_fee = at <= LINES * 9 // 10
    code, name, classification, rate = source.choice(_PEOPLE)
    units = Decimal(source.randrange(1, 40)) / 10
    cost = Decimal(rate) if is_fee else Decimal("0.15")
    return InvoiceLine(
        invoice_revision_id=1,
        line_number=at,
        proforma_line_id=at,
        kind=EntryKind.FEE if is_fee else EntryKind.EXPENSE,
        worked_on=_START + timedelta(days=source.randrange(31)),
        timekeeper_code=code if is_fee else "",
        timekeeper_name=name if is_fee else "",
        timekeeper_classification=classification if is_fee else "",
        units=units,
        unit_cost=cost,
        adjustment_amount=Decimal("0.00"),
        total_amount=line_amount(units, cost),
        task_code=source.choice(_TASKS) if is_fee else "",
        activity_code="A103" if is_fee else "",
        expense_code="" if is_fee else "E101",
        narrative=f"{source.choice(_WORK)}, item {at}",
    )


def _seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    done = work()
    return time.perf_counter() - started, done
