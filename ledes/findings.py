"""What is wrong with a LEDES file: stable codes, and findings that say where and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_SHOWN: Final = 80


class Severity(StrEnum):
    """An error makes the file invalid; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class FindingCode(StrEnum):
    """Every fault the reader can report; docs/ledes.md explains each."""

    EMPTY_FILE = "empty_file"
    NOT_LEDES = "not_ledes"
    UNSUPPORTED_FORMAT = "unsupported_format"
    BYTE_ORDER_MARK = "byte_order_mark"
    FIRST_LINE_MISSING = "first_line_missing"
    FIRST_LINE_WRONG = "first_line_wrong"
    HEADER_MISSING = "header_missing"
    HEADER_WRONG = "header_wrong"
    HEADER_ORDER = "header_order"
    NO_LINES = "no_lines"
    TERMINATOR_MISSING = "terminator_missing"
    RECORD_TOO_LONG = "record_too_long"
    LINE_BREAK = "line_break"
    COLUMN_COUNT = "column_count"
    NON_ASCII = "non_ascii"
    FORBIDDEN_CHARACTER = "forbidden_character"
    NULL_WORD = "null_word"
    REQUIRED_MISSING = "required_missing"
    PADDED_VALUE = "padded_value"
    TOO_LONG = "too_long"
    BAD_DATE = "bad_date"
    BAD_NUMBER = "bad_number"
    TOO_MANY_DECIMALS = "too_many_decimals"
    FRACTION_OF_CENT = "fraction_of_cent"
    NEGATIVE_UNITS = "negative_units"
    BAD_LINE_TYPE = "bad_line_type"
    TASK_MISSING = "task_missing"
    ACTIVITY_MISSING = "activity_missing"
    ACTIVITY_WITHOUT_TASK = "activity_without_task"
    EXPENSE_CODE_MISSING = "expense_code_missing"
    TIMEKEEPER_MISSING = "timekeeper_missing"
    CODE_NOT_ALLOWED = "code_not_allowed"
    UNKNOWN_CODE = "unknown_code"
    NAME_FORMAT = "name_format"
    LINE_MATH = "line_math"
    DATE_OUTSIDE_PERIOD = "date_outside_period"
    PERIOD_REVERSED = "period_reversed"
    TOTAL_VARIES = "total_varies"
    TOTAL_WRONG = "total_wrong"
    TWO_MATTERS = "two_matters"
    FIELD_VARIES = "field_varies"
    DUPLICATE_LINE_NUMBER = "duplicate_line_number"
    DUPLICATE_LINE = "duplicate_line"
    DUPLICATE_INVOICE = "duplicate_invoice"
    TOO_MANY_INVOICES = "too_many_invoices"
    TOO_MANY_LINES = "too_many_lines"
    FILE_TOO_BIG = "file_too_big"
    FILE_NOT_READ = "file_not_read"
    FUTURE_DATE = "future_date"
    UNKNOWN_CLASSIFICATION = "unknown_classification"
    TAX_MATH = "tax_math"
    TAX_TOTAL_WRONG = "tax_total_wrong"
    NET_TOTAL_WRONG = "net_total_wrong"
    BAD_TAX_RATE = "bad_tax_rate"
    BAD_CURRENCY = "bad_currency"
    BAD_COUNTRY = "bad_country"
    BAD_ACCOUNT_TYPE = "bad_account_type"
    MALFORMED_XML = "malformed_xml"
    ENTITY_DECLARED = "entity_declared"
    WRONG_ENCODING = "wrong_encoding"
    TOO_DEEP = "too_deep"
    UNKNOWN_ELEMENT = "unknown_element"
    ELEMENT_ORDER = "element_order"
    REPEATED_ELEMENT = "repeated_element"
    UNKNOWN_VALUE = "unknown_value"
    ADJUSTMENT_SIGN = "adjustment_sign"
    UNKNOWN_TAX = "unknown_tax"
    NOT_CARRIED = "not_carried"


WARNINGS: Final = frozenset(
    {
        FindingCode.PADDED_VALUE,
        FindingCode.FRACTION_OF_CENT,
        FindingCode.UNKNOWN_CODE,
        FindingCode.NAME_FORMAT,
        FindingCode.DUPLICATE_LINE,
        FindingCode.UNKNOWN_ELEMENT,
        FindingCode.ELEMENT_ORDER,
        FindingCode.ADJUSTMENT_SIGN,
    }
)


UNREADABLE: Final = frozenset({FindingCode.EMPTY_FILE, FindingCode.NOT_LEDES, FindingCode.UNSUPPORTED_FORMAT})


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault.

    Attributes:
        code: stable machine name.
        severity: error or warning.
        row: line of the file as an editor counts it, from 1; 0 when it is the whole file.
        column: position of the field from 1, in XML place in the line; 0 when it is the whole row.
        field: LEDES field name in capitals (in XML the element's name), or ''.
        message: what is wrong, one sentence.
        fix: what to do, one sentence.
        value: what stands there, shortened to 80 characters; '' when it is blank or the fault is of no single value.
        offset: of the byte (from 0) that the row, in XML the element, begins with; -1 when that is not known.
    """

    code: FindingCode
    severity: Severity
    row: int
    column: int
    field: str
    message: str
    fix: str
    value: str = ""
    offset: int = -1

    def as_json(self) -> dict[str, str | int]:
        """Return plain values for a JSON report."""
        return {
            "code": self.code.value,
            "severity": self.severity.value,
            "row": self.row,
            "column": self.column,
            "field": self.field,
            "message": self.message,
            "fix": self.fix,
        }


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a value, before it is known which row holds it; its parts are named as those of a finding."""

    code: FindingCode
    field: str
    message: str
    fix: str
    is_warning: bool = False
    column: int = 0
    value: str = ""

    def at(self, row: int, offset: int = -1) -> Finding:
        """Place the fault in a row of a file."""
        severity = Severity.WARNING if self.is_warning or self.code in WARNINGS else Severity.ERROR
        value = self.value if len(self.value) <= _SHOWN else f"{self.value[: _SHOWN - 3]}..."
        return Finding(self.code, severity, row, self.column, self.field, self.message, self.fix, value, offset)
