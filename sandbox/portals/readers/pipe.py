"""Reads files of records between pipes, by the layout of their format."""

import re
from datetime import date
from decimal import Decimal

from sandbox.portals.bill import Bill, BillLine
from sandbox.portals.readers.layouts import Layout
from sandbox.portals.readers.reading import Reading

_FORBIDDEN = re.compile(r"[^ -~]|[\[\]]")
_USUAL_LENGTH, _USUAL_DECIMALS = 20, 4
_ACCOUNT_TYPES = {"", "O", "T"}

Row = dict[str, str]


def read_records(data: bytes, layout: Layout) -> Reading:
    """Read a whole file; `bill` is None when a fault makes its figures or its shape unreadable."""
    reading = Reading()
    records = _records(data, layout, reading)
    if records is None:
        return reading
    rows = [row for at, record in enumerate(records, 1) if (row := _row(record, at, layout, reading))]
    if rows:
        reading.invoice_number = rows[0]["INVOICE_NUMBER"]
        _check_required(rows, layout, reading)
        _check_repeated(rows, layout, reading)
    if not reading.findings:
        reading.bill = _bill(rows, layout, reading)
    return reading


def _records(data: bytes, layout: Layout, reading: Reading) -> list[str] | None:
    """Return the line item records, or None when the file as a whole cannot be one."""
    text = _text(data, reading)
    if text is None:
        return None
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if lines[0] != layout.magic:
        reading.add(None, "", f"The first line of the file must be {layout.magic}.")
    elif len(lines) == 1 or lines[1] != "|".join(layout.columns) + "[]":
        count = len(layout.columns)
        reading.add(None, "", f"The header line does not hold the {count} {layout.name} field names in order.")
    elif not lines[2:]:
        reading.add(None, "", "The file contains no line items.")
    return None if reading.findings else lines[2:]


def _text(data: bytes, reading: Reading) -> str | None:
    if not data.strip():
        reading.add(None, "", "The file is empty.")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        reading.add(None, "", "The file starts with a byte order mark. Save it as plain ASCII.")
        return None
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) - 1
        reading.add(line if line > 0 else None, "", "The file contains invalid format: a character is not ASCII.")
        return None


def _row(record: str, at: int, layout: Layout, reading: Reading) -> Row | None:
    """Split one record; a record of the wrong shape is noted and left out."""
    if not record.endswith("[]"):
        reading.add(at, "", "The record does not end with [].")
        return None
    cells = record[:-2].split("|")
    if len(cells) != len(layout.columns):
        reading.add(at, "", f"The record has {len(cells)} fields where {len(layout.columns)} are expected.")
        return None
    row = dict(zip(layout.columns, cells, strict=True))
    for name, cell in row.items():
        _check_cell(cell, at, name, layout, reading)
    return row


def _check_cell(cell: str, at: int, name: str, layout: Layout, reading: Reading) -> None:
    if _FORBIDDEN.search(cell):
        reading.add(at, name, "The field contains a character that is not allowed.")
    if cell.strip().upper() == "NULL":
        reading.add(at, name, "The word NULL is not accepted, leave the field empty.")
    longest = layout.longest.get(name, _USUAL_LENGTH)
    if len(cell) > longest:
        reading.add(at, name, f"The field is longer than {longest} characters.")
    pattern, wording = layout.spelling.get(name, (None, ""))
    if cell and pattern is not None and not pattern.fullmatch(cell):
        reading.add(at, name, wording)
    if name == "ACCOUNT_TYPE" and cell not in _ACCOUNT_TYPES:
        reading.add(at, name, f"Account type {cell} is not O or T.")


def _check_required(rows: list[Row], layout: Layout, reading: Reading) -> None:
    for at, row in enumerate(rows, 1):
        kind = row["EXP/FEE/INV_ADJ_TYPE"]
        needed = layout.always
        if kind not in {"IF", "IE"}:
            needed = (*needed, "LINE_ITEM_NUMBER_OF_UNITS", "LINE_ITEM_UNIT_COST")
        for name in (*needed, *layout.on_fees) if kind == "F" else needed:
            if not row[name].strip():
                reading.add(at, name, "Required field is blank.")


def _check_repeated(rows: list[Row], layout: Layout, reading: Reading) -> None:
    first = rows[0]
    for at, row in enumerate(rows[1:], 2):
        for name in layout.once:
            if row[name] != first[name]:
                reading.add(at, name, _difference(name))


def _difference(name: str) -> str:
    special = {
        "INVOICE_NUMBER": "Multi-invoice files are not accepted.",
        "LAW_FIRM_MATTER_ID": "Multi-matter invoices are not accepted.",
        "INVOICE_TOTAL": "INVOICE_TOTAL is not the same on every row of the invoice.",
    }
    return special.get(name, "The field must be the same on every row of the invoice.")


def _bill(rows: list[Row], layout: Layout, reading: Reading) -> Bill | None:
    lines = [line for at, row in enumerate(rows, 1) if (line := _line(row, at, layout, reading))]
    head = rows[0]
    days = [reading.day(head[name], 1, name) for name in ("INVOICE_DATE", "BILLING_START_DATE", "BILLING_END_DATE")]
    total = _figure(head, 1, "INVOICE_TOTAL", layout, reading)
    tax = _stated(head, "INVOICE_TAX_TOTAL", layout, reading)
    net = _stated(head, "INVOICE_NET_TOTAL", layout, reading)
    if reading.findings or total is None:
        return None
    invoice_on, starts_on, ends_on = (day for day in days if day is not None)
    return Bill(
        invoice_number=head["INVOICE_NUMBER"],
        invoice_on=invoice_on,
        client_id=head["CLIENT_ID"],
        matter_id=head["LAW_FIRM_MATTER_ID"],
        claim_number=head["CLIENT_MATTER_ID"],
        law_firm_id=head["LAW_FIRM_ID"],
        starts_on=starts_on,
        ends_on=ends_on,
        total=total,
        lines=tuple(lines),
        tax_total=tax,
        net_total=net,
        currency=head.get("INVOICE_CURRENCY", ""),
        client_tax_id=head.get("CLIENT_TAX_ID", ""),
    )


def _line(row: Row, at: int, layout: Layout, reading: Reading) -> BillLine | None:
    figures = {name: _figure(row, at, name, layout, reading) for name in _LINE_FIGURES}
    worked_on: date | None = reading.day(row["LINE_ITEM_DATE"], at, "LINE_ITEM_DATE")
    if worked_on is None or None in figures.values():
        return None
    units, unit_cost, adjustment, total, rate, tax = (figure or Decimal(0) for figure in figures.values())
    return BillLine(
        position=at,
        number=row["LINE_ITEM_NUMBER"],
        kind=row["EXP/FEE/INV_ADJ_TYPE"],
        units=units,
        unit_cost=unit_cost,
        adjustment=adjustment,
        total=total,
        worked_on=worked_on,
        task=row["LINE_ITEM_TASK_CODE"],
        activity=row["LINE_ITEM_ACTIVITY_CODE"],
        expense=row["LINE_ITEM_EXPENSE_CODE"],
        timekeeper=row["TIMEKEEPER_ID"],
        narrative=row["LINE_ITEM_DESCRIPTION"],
        tax_rate=rate,
        tax=tax,
    )


_LINE_FIGURES = (
    "LINE_ITEM_NUMBER_OF_UNITS",
    "LINE_ITEM_UNIT_COST",
    "LINE_ITEM_ADJUSTMENT_AMOUNT",
    "LINE_ITEM_TOTAL",
    "LINE_ITEM_TAX_RATE",
    "LINE_ITEM_TAX_TOTAL",
)


def _figure(row: Row, at: int, name: str, layout: Layout, reading: Reading) -> Decimal | None:
    return reading.number(row.get(name, ""), at, name, layout.decimals.get(name, _USUAL_DECIMALS))


def _stated(head: Row, name: str, layout: Layout, reading: Reading) -> Decimal | None:
    """Read a figure of the invoice that the format may leave out; None when it is not stated."""
    return _figure(head, 1, name, layout, reading) if head.get(name) else None
