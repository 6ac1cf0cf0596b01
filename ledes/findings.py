"""What is wrong with a LEDES file: stable codes, and findings that say where and how to mend it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from ledes.fields import FIELD


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


WARNINGS: Final = frozenset(
    {
        FindingCode.PADDED_VALUE,
        FindingCode.FRACTION_OF_CENT,
        FindingCode.UNKNOWN_CODE,
        FindingCode.NAME_FORMAT,
        FindingCode.DUPLICATE_LINE,
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
        column: position of the field, 1 to 24; 0 when it is the whole row.
        field: LEDES field name in capitals, or ''.
        message: what is wrong, one sentence.
        fix: what to do, one sentence.
    """

    code: FindingCode
    severity: Severity
    row: int
    column: int
    field: str
    message: str
    fix: str

    def as_json(self) -> dict[str, str | int]:
        """Return plain values for a JSON report."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a value, before it is known which row holds it."""

    code: FindingCode
    field: str
    message: str
    fix: str
    is_warning: bool = False

    def at(self, row: int) -> Finding:
        """Place the fault in a row of a file."""
        severity = Severity.WARNING if self.is_warning or self.code in WARNINGS else Severity.ERROR
        column = FIELD[self.field].position if self.field in FIELD else 0
        return Finding(self.code, severity, row, column, self.field, self.message, self.fix)
