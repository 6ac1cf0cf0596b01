"""Somebody chooses what reaches them, is told, gets a mail, follows it, and ends such mails from the mail itself."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from selenium.webdriver.common.keys import Keys
from sqlalchemy import select
from sqlmodel import col

from models import Invoice, User
from models.enums import NoticeKind
from services.notices import tell
from tests.journeys.conftest import Arrive
from tests.journeys.house import EMAIL, House
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

PREFERENCES = "/notifications/preferences"
MAIL_CHOICE = "table.choices select[aria-label='E-mail of Rejections handed on to you']"


def mails(house: House, words: str) -> list[EmailMessage]:
    """Return the mails in the outbox whose subject holds some words."""
    written = (house.plan.layout.directory / "outbox").glob("*.eml")
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in written]
    return [one for one in found if words in one["Subject"]]


def tell_dana(house: House) -> Invoice:
    """Hand a rejection on to the biller."""
    with house.database.unit_of_work() as session:
        dana = session.scalars(select(User).where(col(User.email) == EMAIL["biller"])).one()
        invoice = session.scalars(select(Invoice).order_by(col(Invoice.id)).limit(1)).one()
        kind = NoticeKind.REJECTION_HANDED_ON
        tell(session, [dana.id or 0], kind, "invoice", invoice.id or 0, occasion="journey")
        return invoice


def chosen(visitor: Visitor) -> str:
    """Return what the page shows as chosen."""
    value: str = visitor.driver.execute_script(f'return document.querySelector("{MAIL_CHOICE}").value')
    return value


def test_send_a_test_and_see_that_it_left(house: House, arrive: Arrive):
    dana = arrive("biller")
    dana.go(PREFERENCES)
    dana.press("button[aria-label='Send a test mail']")
    dana.until_says(".choice-part", "The test was sent")
    assert len(mails(house, "Notifications reach you here")) == 1


def test_choose_by_keyboard_and_find_it_again(arrive: Arrive):
    dana = arrive("biller")
    dana.go(PREFERENCES)
    dana.choose(MAIL_CHOICE, "daily")
    dana.type("input[name=quiet_from]", f"1100{Keys.ARROW_UP}")
    dana.type("input[name=quiet_until]", f"1130{Keys.ARROW_UP}")
    dana.keys(Keys.ENTER)
    dana.until_says("[role=status]", "Your hours are stored.")
    dana.go(PREFERENCES)
    dana.until(lambda: chosen(dana) == "daily", "the choice")
    assert dana.driver.find_element("name", "quiet_from").get_attribute("value")
    dana.type("input[name=quiet_from]", "")
    dana.type("input[name=quiet_until]", "")
    dana.press("button[type=submit]", "Store my hours")
    dana.until_says("[role=status]", "Your hours are stored.")


def test_be_told_by_mail_follow_it_and_end_such_mails(house: House, arrive: Arrive):
    dana = arrive("biller")
    dana.go(PREFERENCES)
    dana.choose(MAIL_CHOICE, "at_once")
    invoice = tell_dana(house)
    dana.go("/notifications?unread=1")
    dana.until_says("main", f"The rejection of invoice {invoice.number} is yours")
    dana.until(lambda: mails(house, f"invoice {invoice.number}"), "the mail")
    [mail] = mails(house, f"invoice {invoice.number}")
    text = mail.get_body(("plain",)).get_content()
    assert f"{house.url}/rejections/{invoice.id}" in text
    [link] = re.findall(rf'Stop mails of "Rejections handed on to you": {house.url}(/unsubscribe/\S+)', text)
    dana.open(link, shows="button")
    assert dana.violations() == []
    dana.press("button", "Stop mails of")
    dana.until_says("h1", "Done")
    dana.go(PREFERENCES)
    dana.until(lambda: chosen(dana) == "off", "the choice of the mail's link")
    dana.go("/notifications?unread=1")
    dana.press("a.notice-link", invoice.number)
    dana.until(lambda: f"/rejections/{invoice.id}" in dana.driver.current_url, "the rejection")


def test_see_every_message_as_an_administrator(arrive: Arrive):
    omar = arrive("admin")
    omar.go(PREFERENCES)
    omar.press("button[aria-label='Send a test mail']")
    omar.until_says(".choice-part", "The test was sent")
    omar.go("/notifications/deliveries?view=sent")
    omar.until_says("tbody tr", "Omar Whitfield")
    omar.until_says("tbody tr", "Sent")
    assert any("Test" in row and "Sent" in row for row in omar.texts("tbody tr") if "Omar Whitfield" in row)
    assert omar.violations() == []
