"""A biller sends the month's bills and sees to the one of which nobody knows whether it arrived."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Invoice, Submission
from models.enums import ReceiptSource, SubmissionStatus
from tests.journeys.conftest import Arrive
from tests.journeys.house import DOUBTFUL_CARRIER, DOUBTFUL_SITE, House
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]


UPLOAD_SECONDS = 90


def submission_of(house: House, invoice: Invoice) -> Submission:
    with house.database.read_only() as session:
        return session.scalars(select(Submission).where(col(Submission.invoice_id) == invoice.id)).one()


def delivered(visitor: Visitor) -> int:
    """Return the files delivered, as the board's last row counts them."""
    return int(visitor.texts(".board-total a[href*='delivered']")[0].split()[0])


def stay(visitor: Visitor) -> None:
    """Mark the page, so that a reload would be noticed."""
    visitor.driver.execute_script("window.hasStayed = true")


def has_stayed(visitor: Visitor) -> bool:
    return visitor.driver.execute_script("return window.hasStayed === true")


def test_decide_file_in_doubt(house: House, arrive: Arrive):
    invoice = house.invoice_of(DOUBTFUL_CARRIER)
    dana = arrive("biller")
    dana.go("/submissions")
    dana.press(".board .count.in_doubt:not(.zero)", seconds=UPLOAD_SECONDS)
    dana.press(".files a.row-link", invoice.number)
    dana.until_says(".decision", "Does the site have this file?")
    house.control.clear_faults(DOUBTFUL_SITE)
    receipt = next(post["receipt"] for post in house.control.posts(DOUBTFUL_SITE))
    dana.type(".decision input[name=receipt_number]", receipt)
    dana.type(".decision textarea[name=note]", "In the site's list, with the same total")
    dana.press(".decision button", "It is there")
    dana.until_says(".pane", "A person says it is there")
    decided = submission_of(house, invoice)
    assert (decided.status, decided.receipt_source) == (SubmissionStatus.DELIVERED, ReceiptSource.PERSON)
    assert len(house.control.posts(DOUBTFUL_SITE)) == 1


def test_finalize_queue_and_watch_delivery_live(house: House, arrive: Arrive):
    dana = arrive("biller")
    dana.go("/billing")
    dana.press("main button", "Make the invoices and queue them")
    dana.press("[role=alertdialog] button", "Make and queue")
    dana.until_says("main [role=status]", "in the queue")
    dana.press("main a", "Follow them")
    dana.until(lambda: dana.count(".board"), "the board")
    stay(dana)
    before = delivered(dana)
    dana.until(lambda: delivered(dana) > before, "a delivery", seconds=UPLOAD_SECONDS)
    assert has_stayed(dana)
    dana.press(".board-total a[href*='delivered']")
    dana.press(".files a.row-link")
    dana.until_says(".pane", "The site shows it")
    pictures = "return [...document.querySelectorAll('.evidence img')].filter((one) => one.naturalWidth > 0).length"
    dana.until(lambda: dana.driver.execute_script(pictures), "a picture of the receipt")
    assert dana.complaints() == []
