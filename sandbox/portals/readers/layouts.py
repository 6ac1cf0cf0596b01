"""The records of the two formats between pipes: which fields in which order, which of them needed, how long."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Layout:
    """One format.

    Attributes:
        name: as people say it.
        magic: the first line.
        columns: field names in order.
        always: needed on every row; `on_fees` on fees only.
        once: the same on every row of an invoice.
        longest: most characters of a field, 20 where nothing is said.
        decimals: most decimals of a figure where other than 4.
        spelling: by field, what its whole text must look like where it is not blank, and how the site words it.
    """

    name: str
    magic: str
    columns: tuple[str, ...]
    always: tuple[str, ...]
    once: tuple[str, ...]
    on_fees: tuple[str, ...] = ()
    longest: Mapping[str, int] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)
    spelling: Mapping[str, tuple[re.Pattern[str], str]] = field(default_factory=dict)


_INVOICE = (
    "INVOICE_DATE",
    "INVOICE_NUMBER",
    "CLIENT_ID",
    "LAW_FIRM_MATTER_ID",
    "INVOICE_TOTAL",
    "BILLING_START_DATE",
    "BILLING_END_DATE",
)
_FIRST_24 = (
    *_INVOICE,
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
_PARTIES = (
    "LAW_FIRM_NAME",
    "LAW_FIRM_ADDRESS_1",
    "LAW_FIRM_ADDRESS_2",
    "LAW_FIRM_CITY",
    "LAW_FIRM_STATEorREGION",
    "LAW_FIRM_POSTCODE",
    "LAW_FIRM_COUNTRY",
    "CLIENT_NAME",
    "CLIENT_ADDRESS_1",
    "CLIENT_ADDRESS_2",
    "CLIENT_CITY",
    "CLIENT_STATEorREGION",
    "CLIENT_POSTCODE",
    "CLIENT_COUNTRY",
)
_FURTHER_28 = (
    "PO_NUMBER",
    "CLIENT_TAX_ID",
    "MATTER_NAME",
    "INVOICE_TAX_TOTAL",
    "INVOICE_NET_TOTAL",
    "INVOICE_CURRENCY",
    "TIMEKEEPER_LAST_NAME",
    "TIMEKEEPER_FIRST_NAME",
    "ACCOUNT_TYPE",
    *_PARTIES,
    "LINE_ITEM_TAX_RATE",
    "LINE_ITEM_TAX_TOTAL",
    "LINE_ITEM_TAX_TYPE",
    "INVOICE_REPORTED_TAX_TOTAL",
    "INVOICE_TAX_CURRENCY",
)
_NEEDED = (
    *_INVOICE,
    "LINE_ITEM_NUMBER",
    "EXP/FEE/INV_ADJ_TYPE",
    "LINE_ITEM_TOTAL",
    "LINE_ITEM_DATE",
    "LINE_ITEM_DESCRIPTION",
    "LAW_FIRM_ID",
    "CLIENT_MATTER_ID",
)
_ONCE = (*_INVOICE, "INVOICE_DESCRIPTION", "LAW_FIRM_ID", "CLIENT_MATTER_ID")
_LONG = {
    "INVOICE_DESCRIPTION": 15360,
    "LINE_ITEM_DESCRIPTION": 15360,
    "TIMEKEEPER_NAME": 30,
    "TIMEKEEPER_CLASSIFICATION": 10,
}
_NEW_ON_THE_LINE = {
    "TIMEKEEPER_LAST_NAME",
    "TIMEKEEPER_FIRST_NAME",
    "LINE_ITEM_TAX_RATE",
    "LINE_ITEM_TAX_TOTAL",
    "LINE_ITEM_TAX_TYPE",
}

LEDES_1998B = Layout(
    name="LEDES 1998B", magic="LEDES1998B[]", columns=_FIRST_24, always=_NEEDED, once=_ONCE, longest=_LONG
)
LEDES_98BI_V2 = Layout(
    name="LEDES 98BI V2",
    magic="LEDES98BI V2[]",
    columns=(*_FIRST_24, *_FURTHER_28),
    always=(
        *_NEEDED, "CLIENT_TAX_ID", "MATTER_NAME", "INVOICE_NET_TOTAL", "INVOICE_CURRENCY", "ACCOUNT_TYPE",
        "LINE_ITEM_TAX_TOTAL",
    ),
    once=(*_ONCE, *(name for name in _FURTHER_28 if name not in _NEW_ON_THE_LINE)),
    on_fees=("TIMEKEEPER_LAST_NAME", "TIMEKEEPER_FIRST_NAME"),
    longest=_LONG
    | {"INVOICE_NUMBER": 50, "LAW_FIRM_ID": 50, "PO_NUMBER": 100, "MATTER_NAME": 255, "ACCOUNT_TYPE": 1}
    | {name: 60 for name in _PARTIES if name.endswith(("_NAME", "_1", "_2"))}
    | {name: 40 for name in _PARTIES if name.endswith(("_CITY", "orREGION"))}
    | {name: 3 for name in (*_PARTIES, *_FURTHER_28) if name.endswith(("_COUNTRY", "_CURRENCY"))}
    | {"TIMEKEEPER_LAST_NAME": 30, "TIMEKEEPER_FIRST_NAME": 30},
    decimals={"LINE_ITEM_TAX_RATE": 10},
)  # fmt: skip
