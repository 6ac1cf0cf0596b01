"""A file says the same whether its rows are read many at once or one by one, figures and all."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.money import line_amount
from ledes.document import LedesLine
from ledes.findings import FindingCode as Code
from ledes.parser import ParseResult, parse
from ledes.pipe import lines, reader
from ledes.writer import write, write_many
from tests.fuzz.damage import damaged
from tests.ledes.builders import make_discount, make_fee, make_invoice


def _fee(number: str, units: str, cost: str, adjustment: str = "0.00") -> LedesLine:
    figures = [Decimal(text) for text in (units, cost, adjustment)]
    return make_fee(
        number,
        units=figures[0],
        unit_cost=figures[1],
        adjustment_amount=figures[2],
        total=line_amount(*figures),
    )


_EXACT = [_fee("1", "1.5", "285.00"), _fee("2", "0.3", "190.50"), _fee("3", "2", "285.00", "-70.00")]
_ROUNDED = _fee("4", "0.1", "285.55")
_DISCOUNT = make_discount("5", "-50.00")
CONTENT = b"".join(
    write_many(
        [
            make_invoice(*_EXACT),
            make_invoice(*_EXACT, _ROUNDED, invoice_number="10002"),
            make_invoice(*_EXACT, _DISCOUNT, invoice_number="10003", client_matter_id="C-2"),
            make_invoice(*_EXACT, invoice_number="10004", client_matter_id="C-2"),
        ]
    )
)


def _row_by_row(content: bytes) -> ParseResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "is_plain", lambda *_: False)
        patch.setattr(lines, "_sound_figures", lambda *_: None)
        return parse(content)


@settings(max_examples=400, deadline=None)
@example(recipe=b"")
@given(recipe=st.binary(max_size=16).map(lambda recipe: recipe[: len(recipe) // 4 * 4]))
def test_damage_is_told_alike(recipe):
    content = damaged(CONTENT, recipe)
    assert repr(parse(content)) == repr(_row_by_row(content))


@settings(max_examples=400, deadline=None)
@given(
    values=st.tuples(
        *[st.from_regex(r"\A-?[0-9]{0,12}(\.[0-9]{0,4})?\Z") | st.sampled_from(["", "NaN", "1e2", "-0"])] * 4
    )
)
@example(values=("-1", "0.00", "-285.00", "285.00"))
@example(values=("1", "0.00", "285.000", "285.00"))
@example(values=("0.1", "0.00", "28.555", "285.55"))
@example(values=("99999999999", "0.00", "99999999999.00", "1"))
@example(values=("0", "", "0", "0"))
@example(values=("1", "0.00001", "1.00001", "1"))
def test_figures_are_judged_alike(values):
    units, adjustment, total, cost = (value.encode() for value in values)
    content = write(make_invoice(make_fee("1"), make_fee("2")))
    row = content.splitlines(keepends=True)[2].split(b"|")
    row[10], row[11], row[12], row[20] = units, adjustment, total, cost
    changed = b"".join([*content.splitlines(keepends=True)[:2], b"|".join(row), *content.splitlines(keepends=True)[3:]])
    assert repr(parse(changed)) == repr(_row_by_row(changed))


def test_rows_of_four_invoices_are_all_read():
    result = parse(CONTENT)
    assert [len(invoice.lines) for invoice in result.invoices] == [3, 4, 4, 3]
    assert {one.code for one in result.findings} <= {Code.DUPLICATE_LINE}


def test_a_text_inside_a_terminator_is_told_alike():
    last = CONTENT.splitlines(keepends=True)[-1]
    content = CONTENT.removesuffix(b"[]\r\n") + b"[ ]\r\n" + last
    assert repr(parse(content)) == repr(_row_by_row(content))
    assert Code.TERMINATOR_MISSING in [one.code for one in parse(content).findings]
