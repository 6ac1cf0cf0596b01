"""How one carrier wants its files: dialect, names, limits, remaps and tolerances, as plain data."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ledes.formats import LedesFormat

FieldName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_/]*$")]


class Verdict(StrEnum):
    """What a carrier's site does about something that not every site minds."""

    ERROR = "error"
    WARNING = "warning"
    IGNORE = "ignore"


class FileFormat(BaseModel):
    """The `format` part of a carrier's profile; field names are LEDES names in capitals, of either pipe format.

    Attributes:
        dialect: the format that is written.
        file_name: may use {invoice_number}, {client_code} and {matter}.
        law_firm_id: how the federal tax id is written.
        timekeeper_name: "Last, First" or "First Last".
        adjustment_amount_in: where an IF or IE row has its amount.
        constants: values written whatever the document says.
        remaps: by field, what is written in place of a value of the firm's.
        max_length: by field, most characters, where fewer than the standard's.
        max_decimals: by field, most decimals, where fewer than the standard's.
        required: fields that this carrier wants besides those of the standard.
        math_tolerance: dollars by which a line's total may miss its arithmetic.
        outside_period: a line dated outside the billing period.
        future_dates: a line or an invoice dated after the day it is read.
        allows_many_invoices: several invoices in a file.
        classifications: which list of timekeeper classifications counts.
        max_bytes: largest file; None = no limit known.
        sends_pdf: a PDF of the invoice goes along, named as the file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    dialect: LedesFormat = LedesFormat.LEDES_1998B
    law_firm_id: Literal["with_dash", "digits_only"] = "with_dash"
    file_name: str = Field(default="{invoice_number}.txt", pattern=r"^[A-Za-z0-9_.{}-]+\.(txt|xml)$")
    timekeeper_name: Literal["last_comma_first", "first_last"] = "last_comma_first"
    adjustment_amount_in: Literal["adjustment", "unit_cost"] = "adjustment"
    constants: dict[FieldName, str] = {}
    remaps: dict[FieldName, dict[str, str]] = {}
    max_length: dict[FieldName, Annotated[int, Field(gt=0)]] = {}
    max_decimals: dict[FieldName, Annotated[int, Field(ge=0, le=10)]] = {}
    required: frozenset[FieldName] = frozenset()
    math_tolerance: Decimal = Field(default=Decimal(0), ge=0, le=1)
    outside_period: Verdict = Verdict.ERROR
    future_dates: Verdict = Verdict.IGNORE
    allows_many_invoices: bool = True
    classifications: Literal["any", "old", "2014"] = "any"
    max_bytes: int | None = Field(default=None, gt=0)
    sends_pdf: bool = False


STANDARD = FileFormat()
