"""What the tests of the commands share: a program of its own, and what each format asks for."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from ledes.formats import LedesFormat

ROOT = Path(__file__).parents[2]


def run_module(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run `python -m ledes` as a program of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ledes", *arguments], cwd=ROOT, input=stdin, capture_output=True, check=False
    )


_FOR_98BI: Final = {
    "CLIENT_TAX_ID": "12-3456789",
    "MATTER_NAME": "Harbor v. Lane",
    "INVOICE_CURRENCY": "USD",
    "ACCOUNT_TYPE": "O",
}
_FOR_XML: Final = {
    "LAW_FIRM_NAME": "Reyes & Lane LLP",
    "LAW_FIRM_ADDRESS_1": "1 Main St",
    "LAW_FIRM_CITY": "Reno",
    "LAW_FIRM_COUNTRY": "USA",
    "LAW_FIRM_PHONE": "775-555-0100",
    "CONTACT_LNAME": "Lane",
    "CONTACT_FNAME": "Bo",
    "CONTACT_EMAIL": "bo@lane.example",
    "CLIENT_NAME": "Harbor Mutual",
    "CLIENT_ADDRESS_1": "9 Pier Rd",
    "CLIENT_CITY": "Oakland",
    "CLIENT_COUNTRY": "USA",
}
NEEDED: Final[dict[LedesFormat, dict[str, str]]] = {
    LedesFormat.LEDES_1998B: {},
    LedesFormat.LEDES_98BI_V2: _FOR_98BI,
    LedesFormat.XML_2_0: _FOR_XML,
    LedesFormat.XML_2_1: _FOR_XML,
    LedesFormat.XML_2_2: _FOR_XML,
}
