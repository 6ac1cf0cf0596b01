"""A carrier's limits and tolerances, to which a file is held besides the standard's."""

from datetime import date
from decimal import Decimal

import pytest

from ledes.file_format import FileFormat, Verdict
from ledes.findings import FindingCode as Code
from ledes.findings import Severity
from ledes.parser import parse
from ledes.readback import compare
from ledes.writer import LedesRefusedError, write, write_many
from tests.ledes.builders import make_expense, make_fee, make_invoice

INVOICE = make_invoice()
VALID = write(INVOICE)


def found(content: bytes, today: date | None = None, **limits: object) -> list[tuple[Code, int, int]]:
    """Return code, row and column of each finding under these limits."""
    result = parse(content, FileFormat.model_validate(limits), today=today)
    return [(one.code, one.row, one.column) for one in result.findings]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"max_length": {"LINE_ITEM_DESCRIPTION": 20}}, [(Code.TOO_LONG, 3, 19), (Code.TOO_LONG, 4, 19)]),
        ({"max_length": {"LINE_ITEM_DESCRIPTION": 99}}, []),
        ({"max_length": {"INVOICE_NUMBER": 4}}, [(Code.TOO_LONG, 3, 2)]),
        ({"max_length": {"INVOICE_NUMBER": 99}}, []),
        ({"max_length": {"LINE_ITEM_NUMBER_OF_UNITS": 1}}, []),
        ({"max_decimals": {"LINE_ITEM_NUMBER_OF_UNITS": 0}}, [(Code.TOO_MANY_DECIMALS, 3, 11)]),
        ({"required": ["TIMEKEEPER_CLASSIFICATION", "TIMEKEEPER_NAME"]}, []),
        ({"required": ["CLIENT_MATTER_ID", "INVOICE_DESCRIPTION"]}, []),
        ({"classifications": "old"}, []),
        ({"classifications": "2014"}, [(Code.UNKNOWN_CLASSIFICATION, 3, 23)]),
        ({"max_bytes": len(VALID)}, []),
        ({"max_bytes": len(VALID) - 1}, [(Code.FILE_TOO_BIG, 0, 0)]),
        ({"allows_many_invoices": False}, []),
    ],
)
def test_parse_holds_a_file_to_the_carriers_limits(limits, expected):
    assert found(VALID, **limits) == expected


def test_parse_calls_what_a_carrier_requires_missing():
    bare = write(make_invoice(make_fee(timekeeper_classification=""), make_expense(), invoice_description=""))
    assert found(bare, required=["TIMEKEEPER_CLASSIFICATION", "INVOICE_DESCRIPTION"]) == [
        (Code.REQUIRED_MISSING, 3, 8),
        (Code.REQUIRED_MISSING, 3, 23),
    ]


def test_parse_calls_a_required_field_missing_that_portals_want_anyway():
    content = VALID.replace(b"|HM-0001[]", b"|[]")
    assert not parse(content, FileFormat(required={"CLIENT_MATTER_ID"})).is_valid
    assert parse(content).is_valid


@pytest.mark.parametrize(("tolerance", "is_valid"), [("0", False), ("0.01", True), ("0.009", False)])
def test_parse_tolerates_what_the_carrier_tolerates_in_a_line(tolerance, is_valid):
    content = VALID.replace(b"|427.50|2026", b"|427.51|2026").replace(b"|804.50|", b"|804.51|")
    assert parse(content, FileFormat(math_tolerance=Decimal(tolerance))).is_valid is is_valid


@pytest.mark.parametrize(
    ("verdict", "severities"),
    [(Verdict.ERROR, [Severity.ERROR]), (Verdict.WARNING, [Severity.WARNING]), (Verdict.IGNORE, [])],
)
def test_parse_judges_a_line_outside_the_period_as_the_carrier_does(verdict, severities):
    content = VALID.replace(b"|20261005|", b"|20260930|")
    findings = parse(content, FileFormat(outside_period=verdict)).findings
    assert [one.severity for one in findings] == severities
    assert {one.code for one in findings} <= {Code.DATE_OUTSIDE_PERIOD}


def test_parse_finds_days_still_to_come():
    future = [(Code.FUTURE_DATE, 3, 1), (Code.FUTURE_DATE, 4, 14), (Code.FUTURE_DATE, 5, 14)]
    assert found(VALID, date(2026, 10, 6), future_dates="error") == future
    assert found(VALID, date(2026, 11, 1), future_dates="warning") == future[:1]
    assert found(VALID, date(2026, 11, 2), future_dates="error") == []
    assert found(VALID, date(2026, 10, 6)) == []


def test_parse_takes_one_invoice_a_file_where_the_carrier_does():
    both = b"".join(write_many([INVOICE, make_invoice(invoice_number="10002")]))
    assert found(both) == []
    assert found(both, allows_many_invoices=False) == [(Code.TOO_MANY_INVOICES, 6, 2)]


def test_parse_takes_either_list_of_classifications_and_warns_of_neither():
    for known in ("PT", "PARTNR"):
        assert parse(write(make_invoice(make_fee(timekeeper_classification=known)))).findings == ()
    result = parse(write(make_invoice(make_fee(timekeeper_classification="BOSS"))))
    assert [(one.code, one.severity, one.value) for one in result.findings] == [
        (Code.UNKNOWN_CLASSIFICATION, Severity.WARNING, "BOSS")
    ]


def test_write_refuses_what_the_carrier_would_refuse():
    with pytest.raises(LedesRefusedError) as refused:
        write(INVOICE, file_format=FileFormat(max_length={"LINE_ITEM_DESCRIPTION": 20}))
    assert refused.value.facts["fault"] == Code.TOO_LONG


def test_write_tolerates_what_the_carrier_tolerates():
    late = make_invoice(make_fee(date=date(2026, 9, 30)))
    tolerant = FileFormat(outside_period=Verdict.WARNING)
    content = write(late, file_format=tolerant)
    assert compare(late, content, tolerant) == ()
    assert compare(late, content) != ()


def test_write_many_refuses_a_second_invoice_where_the_carrier_takes_one():
    invoices = [INVOICE, make_invoice(invoice_number="10002")]
    with pytest.raises(LedesRefusedError, match="one invoice a file"):
        list(write_many(invoices, file_format=FileFormat(allows_many_invoices=False)))


def test_write_many_refuses_a_number_used_twice():
    with pytest.raises(LedesRefusedError, match="in the file already"):
        list(write_many([INVOICE, INVOICE]))
