"""What must hold of the reader and the writer between pipes whatever bytes they are given."""

from io import BytesIO

from ledes.document import LedesInvoice
from ledes.formats import LedesFormat
from ledes.parser import ParseResult, collect, parse
from ledes.refusal import LedesRefusedError, is_tolerated
from ledes.writer import write, write_many
from tests.fuzz.damage import damaged
from tests.ledes.builders import make_fee, make_invoice
from tests.ledes.pipe.builders import make_taxed_invoice

SEEDS = (
    write(make_invoice()),
    write(make_taxed_invoice(), LedesFormat.LEDES_98BI_V2),
    b"".join(write_many([make_invoice(), make_invoice(make_fee(), invoice_number="10002")])),
)
_COLUMNS = {LedesFormat.LEDES_1998B: 24, LedesFormat.LEDES_98BI_V2: 52, None: 52}


def check_promises_for(data: bytes) -> None:
    """Read the bytes as they are, or as a recipe of damage to a valid file, and hold the library to its promises."""
    if not data or data[0] >= len(SEEDS):
        check_promises(data[1:])
    else:
        check_promises(damaged(SEEDS[data[0]], data[1:]))


def check_promises(content: bytes) -> None:
    """Assert that nothing is raised, every finding has its place, and a valid file survives a round trip."""
    result = collect(BytesIO(content))
    if result.format is not None and result.format.is_xml:
        return
    _hold_findings(content, result)
    if all(map(is_tolerated, result.findings)):
        for invoice in result.invoices:
            _hold_round_trip(invoice, result.format or LedesFormat.LEDES_1998B)
    elif result.is_valid:
        for invoice in result.invoices:
            _hold_refusal_or_round_trip(invoice, result.format or LedesFormat.LEDES_1998B)


def _hold_findings(content: bytes, result: ParseResult) -> None:
    rows = content.count(b"\n") + content.count(b"\r") + 1
    assert result.findings == tuple(sorted(result.findings, key=lambda finding: (finding.row, finding.column)))
    assert result.findings or result.invoices
    for finding in result.findings:
        assert 0 <= finding.row <= rows
        assert 0 <= finding.column <= _COLUMNS.get(result.format, 0)
        assert -1 <= finding.offset <= len(content)
        assert finding.message
        assert finding.fix
        assert len(finding.value) <= 80


def _hold_round_trip(invoice: LedesInvoice, dialect: LedesFormat) -> None:
    again = write(invoice, dialect)
    read = parse(again)
    assert read.invoices == (invoice,)
    assert write(read.invoices[0], dialect) == again


def _hold_refusal_or_round_trip(invoice: LedesInvoice, dialect: LedesFormat) -> None:
    try:
        write(invoice, dialect)
    except LedesRefusedError as refused:
        if not refused.findings:
            raise
        return
    _hold_round_trip(invoice, dialect)
