"""The practice sites' LEDES 1998B reader, written from the specification; no code is shared with the product's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sandbox.portals.bill import Bill, BillLine, Finding

MAGIC = "LEDES1998B[]"
COLUMNS = (
    "INVOICE_DATE",
    "INVOICE_NUMBER",
    "CLIENT_ID",
    "LAW_FIRM_MATTER_ID",
    "INVOICE_TOTAL",
    "BILLING_START_DATE",
    "BILLING_END_DATE",
    "INVOICE_DESCRIPTION",
    "LINE_ITEM_NUMBER",
    "EXP/FEE/INV_ADJ_TYPE",
    "LINE_ITEM_NUMBER_OF_UNITS",
    "LINE_ITEM_ADJUSTMENT_AMOUNT",
    "LINE_ITEM_TOTAL",
    "LINE_ITEM_DATE",
    "LINE_ITEM_TASK_CODE",
    "LINE_ITEM_EXPENSE_CODE",
    "LINE_ITEM_ACTIVITY_CODE",
    "TIMEKEEPER_ID",
    "LINE_ITEM_DESCRIPTION",
    "LAW_FIRM_ID",
    "LINE_ITEM_UNIT_COST",
    "TIMEKEEPER_NAME",
    "TIMEKEEPER_CLASSIFICATION",
    "CLIENT_MATTER_ID",
)

_ALWAYS = (0, 1, 2, 3, 4, 5, 6, 8, 9, 12, 13, 18, 19, 23)
_ONCE = (0, 1, 2, 3, 4, 5, 6, 7, 19, 23)
_LONGEST = {1: 20, 2: 20, 3: 20, 7: 15360, 8: 20, 17: 20, 18: 15360, 19: 20, 21: 30, 22: 10, 23: 20}
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)
_FORBIDDEN = re.compile(r"[^ -~]|[\[\]]")
_DECIMALS = 4


@dataclass(slots=True)
class Reading:
    """What came out of a file: the bill where it could be understood, and every fault met on the way."""

    bill: Bill | None = None
    findings: list[Finding] = field(default_factory=list)
    invoice_number: str = ""

    def add(self, line: int | None, column: int | None, text: str) -> None:
        """Note a fault; `column` is a position in COLUMNS."""
        self.findings.append(Finding(line, "" if column is None else COLUMNS[column], text))


def read_file(data: bytes) -> Reading:
    """Read a whole file; `bill` is None when a fault makes its figures or its shape unreadable."""
    reading = Reading()
    records = _records(data, reading)
    if records is None:
        return reading
    rows = [cells for at, record in enumerate(records, 1) if (cells := _cells(record, at, reading))]
    if rows:
        reading.invoice_number = rows[0][1]
        _check_required(rows, reading)
        _check_repeated(rows, reading)
    if not reading.findings:
        reading.bill = _bill(rows, reading)
    return reading


def _records(data: bytes, reading: Reading) -> list[str] | None:
    """Return the line item records, or None when the file as a whole cannot be one."""
    text = _text(data, reading)
    if text is None:
        return None
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if lines[0] != MAGIC:
        reading.add(None, None, "The first line of the file must be LEDES1998B[].")
    elif len(lines) == 1 or lines[1] != "|".join(COLUMNS) + "[]":
        reading.add(None, None, "The header line does not hold the 24 LEDES 1998B field names in order.")
    elif not lines[2:]:
        reading.add(None, None, "The file contains no line items.")
    return None if reading.findings else lines[2:]


def _text(data: bytes, reading: Reading) -> str | None:
    if not data.strip():
        reading.add(None, None, "The file is empty.")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        reading.add(None, None, "The file starts with a byte order mark. Save it as plain ASCII.")
        return None
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) - 1
        reading.add(line if line > 0 else None, None, "The file contains invalid format: a character is not ASCII.")
        return None


def _cells(record: str, at: int, reading: Reading) -> list[str] | None:
    """Split one record; a record of the wrong shape is noted and left out."""
    if not record.endswith("[]"):
        reading.add(at, None, "The record does not end with [].")
        return None
    cells = record[:-2].split("|")
    if len(cells) != len(COLUMNS):
        reading.add(at, None, f"The record has {len(cells)} fields where 24 are expected.")
        return None
    for column, cell in enumerate(cells):
        _check_cell(cell, at, column, reading)
    return cells


def _check_cell(cell: str, at: int, column: int, reading: Reading) -> None:
    if _FORBIDDEN.search(cell):
        reading.add(at, column, "The field contains a character that is not allowed.")
    if cell.strip().upper() == "NULL":
        reading.add(at, column, "The word NULL is not accepted, leave the field empty.")
    if len(cell) > _LONGEST.get(column, 20):
        reading.add(at, column, f"The field is longer than {_LONGEST.get(column, 20)} characters.")


def _check_required(rows: list[list[str]], reading: Reading) -> None:
    for at, cells in enumerate(rows, 1):
        needed = _ALWAYS if cells[9] in {"IF", "IE"} else (*_ALWAYS, 10, 20)
        for column in needed:
            if not cells[column].strip():
                reading.add(at, column, "Required field is blank.")


def _check_repeated(rows: list[list[str]], reading: Reading) -> None:
    first = rows[0]
    for at, cells in enumerate(rows[1:], 2):
        for column in _ONCE:
            if cells[column] != first[column]:
                reading.add(at, column, _difference(column))


def _difference(column: int) -> str:
    special = {
        1: "Multi-invoice files are not accepted.",
        3: "Multi-matter invoices are not accepted.",
        4: "INVOICE_TOTAL is not the same on every row of the invoice.",
    }
    return special.get(column, "The field must be the same on every row of the invoice.")


def _bill(rows: list[list[str]], reading: Reading) -> Bill | None:
    lines = [_line(cells, at, reading) for at, cells in enumerate(rows, 1)]
    head = rows[0]
    invoice_on, starts_on, ends_on = (_date(head, 1, column, reading) for column in (0, 5, 6))
    total = _number(head, 1, 4, reading)
    if reading.findings or invoice_on is None or starts_on is None or ends_on is None or total is None:
        return None
    return Bill(
        invoice_number=head[1],
        invoice_on=invoice_on,
        client_id=head[2],
        matter_id=head[3],
        claim_number=head[23],
        law_firm_id=head[19],
        starts_on=starts_on,
        ends_on=ends_on,
        total=total,
        lines=tuple(_present(lines)),
    )


def _present(lines: Iterable[BillLine | None]) -> list[BillLine]:
    return [line for line in lines if line is not None]


def _line(cells: list[str], at: int, reading: Reading) -> BillLine | None:
    figures = [_figure(cells, at, column, reading) for column in (10, 20, 11, 12)]
    worked_on = _date(cells, at, 13, reading)
    if worked_on is None or None in figures:
        return None
    units, unit_cost, adjustment, total = (figure or Decimal(0) for figure in figures)
    return BillLine(
        position=at,
        number=cells[8],
        kind=cells[9],
        units=units,
        unit_cost=unit_cost,
        adjustment=adjustment,
        total=total,
        worked_on=worked_on,
        task=cells[14],
        activity=cells[16],
        expense=cells[15],
        timekeeper=cells[17],
        narrative=cells[18],
    )


def _figure(cells: list[str], at: int, column: int, reading: Reading) -> Decimal | None:
    """Read a figure; a blank one is nought (required ones were checked before)."""
    return _number(cells, at, column, reading) if cells[column] else Decimal(0)


def _number(cells: list[str], at: int, column: int, reading: Reading) -> Decimal | None:
    try:
        return _to_number(cells[column])
    except ValueError:
        reading.add(at, column, f"{COLUMNS[column]} must be digits, one point and a leading minus, nothing else.")
        return None


def _date(cells: list[str], at: int, column: int, reading: Reading) -> date | None:
    try:
        return _to_date(cells[column])
    except ValueError:
        reading.add(at, column, f"{COLUMNS[column]} must be a real date in the form YYYYMMDD.")
        return None


def _to_number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text) or len(text.partition(".")[2]) > _DECIMALS:
        raise ValueError(text)
    return Decimal(text)


def _to_date(text: str) -> date:
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        raise ValueError(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
