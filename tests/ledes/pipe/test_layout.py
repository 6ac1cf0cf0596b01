"""The packaged tables of fields."""

import pytest

from ledes.attributes import INVOICE_ATTRIBUTES, LINE_ATTRIBUTES
from ledes.pipe.layout import LAYOUTS, LEDES_98BI_V2, LEDES_1998B

NAMES = {attribute.path: attribute.name for attribute in (*INVOICE_ATTRIBUTES, *LINE_ATTRIBUTES)}


@pytest.mark.parametrize(
    ("layout", "count", "last"), [(LEDES_1998B, 24, "CLIENT_MATTER_ID"), (LEDES_98BI_V2, 52, "INVOICE_TAX_CURRENCY")]
)
def test_fields_are_all_there_in_order(layout, count, last):
    assert [field.position for field in layout.fields] == list(range(1, count + 1))
    assert layout.header.startswith("INVOICE_DATE|INVOICE_NUMBER|")
    assert layout.header.endswith(f"|{last}")


def test_fields_of_1998b_stand_in_the_same_columns_of_98bi():
    assert LEDES_98BI_V2.names[:24] == LEDES_1998B.names
    assert [field.attribute for field in LEDES_98BI_V2.fields[:24]] == [field.attribute for field in LEDES_1998B.fields]


@pytest.mark.parametrize("layout", LAYOUTS.values())
def test_fields_have_the_name_that_other_parts_give_their_attribute(layout):
    assert {field.attribute: field.name for field in layout.fields} == {
        field.attribute: NAMES[field.attribute] for field in layout.fields
    }


def test_heading_is_the_first_two_lines():
    assert LEDES_98BI_V2.heading.startswith("LEDES98BI V2[]\r\nINVOICE_DATE|")
    assert LEDES_98BI_V2.heading.endswith("|INVOICE_TAX_CURRENCY[]\r\n")
