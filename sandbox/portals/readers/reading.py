"""What comes out of a file, and how figures and dates in it are understood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from sandbox.portals.bill import Bill, Finding

DateForm = Literal["YYYYMMDD", "YYYY-MM-DD"]

_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)
_DATES: Mapping[DateForm, re.Pattern[str]] = {
    "YYYYMMDD": re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII),
    "YYYY-MM-DD": re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII),
}
_DECIMALS = 4


@dataclass(slots=True)
class Reading:
    """What came out of a file: the bill where it could be understood, and every fault met on the way."""

    bill: Bill | None = None
    findings: list[Finding] = field(default_factory=list)
    invoice_number: str = ""

    def add(self, line: int | None, name: str, text: str) -> None:
        """Note a fault; `line` None = the whole file, `name` a field or ""."""
        self.findings.append(Finding(line, name, text))

    def number(self, text: str, line: int | None, name: str, decimals: int = _DECIMALS) -> Decimal | None:
        """Read a figure; a blank one is nought (required ones are checked elsewhere), a wrong one noted and None."""
        if not text:
            return Decimal(0)
        if not _NUMBER.fullmatch(text) or len(text.partition(".")[2]) > decimals:
            self.add(line, name, f"{name} must be digits, one point and a leading minus, nothing else.")
            return None
        return Decimal(text)

    def day(self, text: str, line: int | None, name: str, form: DateForm = "YYYYMMDD") -> date | None:
        """Read a date of a form; one that does not exist is noted and None."""
        try:
            return _to_date(text, form)
        except ValueError:
            self.add(line, name, f"{name} must be a real date in the form {form}.")
            return None


def _to_date(text: str, form: DateForm) -> date:
    found = _DATES[form].fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = map(int, found.groups())
    return date(year, month, day)
