"""A biller drops a file that a carrier refused, sees the very bytes, mends it, converts it, and takes both away."""

from base64 import b64decode, b64encode

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from ledes.formats import LedesFormat
from ledes.parser import parse
from tests.builders import faulty_file, sound_file
from tests.journeys.conftest import Arrive
from tests.journeys.pages import faults_by_look
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

GIVEN = {"CLIENT_TAX_ID": "12-3456789", "MATTER_NAME": "Harbor v. Lane", "INVOICE_CURRENCY": "USD", "ACCOUNT_TYPE": "O"}
VIEWS = ("Findings", "Invoices", "Repairs", "Convert", "Guidelines", "Compare")
MENDED = sound_file().replace(b"Hale, part 1", b"Hale's, part 1")
_DROP = """
    const bytes = Uint8Array.from(atob(arguments[1]), (one) => one.charCodeAt(0));
    const held = new DataTransfer();
    held.items.add(new File([bytes], arguments[0]));
    const zone = document.querySelector(".drop-zone");
    for (const kind of ["dragenter", "dragover", "drop"])
      zone.dispatchEvent(new DragEvent(kind, { dataTransfer: held, bubbles: true, cancelable: true }));
"""
_FETCH = """
    const done = arguments[arguments.length - 1];
    const answer = await fetch(arguments[0]);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    done([answer.status, btoa(String.fromCharCode(...bytes))]);
"""


def drop(visitor: Visitor, name: str, content: bytes) -> None:
    """Drop a file as a hand does, on the workbench's first page."""
    visitor.go("/ledes")
    visitor.until(lambda: visitor.count(".drop-zone"), "the place to drop a file")
    visitor.driver.execute_script(_DROP, name, b64encode(content).decode())
    visitor.until_says(".bench-name", name)


def fetched(visitor: Visitor, path: str) -> tuple[int, bytes]:
    """Return status and bytes of an address, asked as the person in the browser."""
    status, encoded = visitor.driver.execute_async_script(f"(async (...arguments) => {{{_FETCH}}})(...arguments)", path)
    return status, b64decode(encoded)


def downloaded(visitor: Visitor) -> bytes:
    """Return the bytes behind the open file's download."""
    status, content = fetched(visitor, visitor.first_link(".bench-bar a[href^='/files/workbench/']"))
    assert status == 200
    return content


def test_mend_and_convert_a_file_that_was_refused(arrive: Arrive):
    dana = arrive("biller")
    drop(dana, "october.txt", faulty_file())
    dana.until_says(".bench-verdict", "Not valid")
    dana.press("a.row-link", "column 21")
    dana.until(lambda: dana.texts(".raw mark") == ["$285.00"], "the marked value")
    dana.until_says(".pane", f"Bytes {faulty_file().index(b'$285.00')} to")
    mend(dana)
    convert(dana)
    look_at_every_view(dana)
    assert seen_by_stranger(dana, arrive) == (404, False)


def mend(dana: Visitor) -> None:
    """Make all repairs at once and take the file away."""
    dana.press(".bench-verdict a", "3 repairs lose nothing")
    dana.until(lambda: dana.count(".change") == len(("a quote", "an amount", "a day")), "the repairs")
    dana.press("button", "Make the chosen repairs")
    dana.until_says(".bench-name", "october-mended.txt")
    dana.until_says(".bench-verdict", "Valid")
    assert downloaded(dana) == MENDED


def convert(dana: Visitor) -> None:
    """Give what the other format wants, and take the file away."""
    dana.press(".filters a", "Convert")
    dana.press(".chips a", "98BI V2")
    for name, text in GIVEN.items():
        dana.type(f"input[name={name}]", text)
    dana.press("button", "Use these values")
    dana.press("button", "Make the file")
    dana.until_says(".bench-name", "october-mended-ledes98biv2.txt")
    read = parse(downloaded(dana))
    assert (read.format, read.is_valid) == (LedesFormat.LEDES_98BI_V2, True)


def look_at_every_view(dana: Visitor) -> None:
    """See every view of the faulty file, held against a carrier, on a desk, in the dark and on a phone."""
    drop(dana, "again.txt", faulty_file())
    held = Select(dana.driver.find_element(By.CSS_SELECTOR, ".bench-bar select"))
    held.select_by_visible_text("Harbor Mutual Insurance")
    dana.until(lambda: "carrier=" in dana.driver.current_url, "the carrier in the address")
    wrong = {}
    for view in VIEWS:
        dana.press(".filters a", view)
        dana.until_says(".filters a[aria-current=true]", view)
        dana.until(lambda: not dana.count(".skeleton"), view)
        wrong[view] = faults_by_look(dana)
    assert not any(wrong.values()), wrong


def seen_by_stranger(dana: Visitor, arrive: Arrive) -> tuple[int, bool]:
    """Follow the biller's address as an attorney; return what the download answers, and whether with a narrative."""
    address, download = dana.driver.current_url, dana.first_link(".bench-bar a[href^='/files/workbench/']")
    ana = arrive("attorney")
    ana.go(address.removeprefix(dana.url))
    ana.until_says("main [role=alert]", "not on your workbench")
    status, content = fetched(ana, download)
    return status, b"Hale" in content
