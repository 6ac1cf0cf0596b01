"""Somebody opens a report, narrows it, saves it, gets it by mail, follows the link and ends it there."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from sandbox.screenshots.camera import Look
from tests.journeys.conftest import DARK, DESK, PHONE, Arrive
from tests.journeys.house import House
from tests.journeys.pages import faults, faults_by_look
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

REPORTS = (
    "cycle", "blocked", "ageing", "realisation", "write-downs", "acceptance", "cycle-time", "hours-saved",
)  # fmt: skip


def mails(house: House, words: str) -> list[EmailMessage]:
    """Return the mails in the practice mail server's folder whose subject holds some words."""
    written = (house.plan.layout.directory / "outbox").glob("*.eml")
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in written]
    return [one for one in found if words in one["Subject"]]


def drawn(visitor: Visitor, selector: str) -> int:
    """Return how many parts of a picture match."""
    return len(visitor.driver.find_elements("css selector", selector))


@pytest.mark.parametrize(("role", "looks"), [("biller", (DARK, PHONE, DESK)), ("attorney", (DESK,))])
def test_every_report_is_shown_without_fault(role: str, looks: tuple[Look, ...], arrive: Arrive):
    visitor, wrong = arrive(role), {}
    for name in REPORTS:
        visitor.go(f"/reports?report={name}")
        visitor.until(lambda: visitor.count(".report-section"), f"the tables of {name}")
        wrong[name] = faults_by_look(visitor, looks)
    assert not any(wrong.values()), wrong


def test_a_chart_is_drawn_above_its_table(arrive: Arrive):
    dana = arrive("biller")
    dana.go("/reports?report=ageing")
    dana.until(lambda: drawn(dana, ".chart svg .recharts-bar-rectangle"), "bars")
    dana.until_says(".chart-summary", "is owed")
    assert any("0-30 days" in text for text in dana.texts(".report-table tbody tr"))


def test_today_shows_the_burn_down(arrive: Arrive):
    dana = arrive("biller")
    dana.go("/")
    dana.until(lambda: drawn(dana, ".panel .chart svg .recharts-area-curve"), "the burn-down")
    dana.press(".panel a.text-link", "Day by day")
    dana.until_says(".report-section h2", "Bills left, day by day")
    assert "/reports" in dana.driver.current_url


def test_open_filter_save_schedule_receive_follow_and_end(house: House, arrive: Arrive):
    dana = arrive("biller")
    dana.go("/reports?report=acceptance")
    dana.choose("select[aria-label='Months']", "3")
    dana.until(lambda: "months=3" in dana.driver.current_url, "the filter in the address")
    dana.press("button", "Save…")
    dana.type("input[name=name]", "Acceptance, three months")
    dana.press("[role=dialog] button[type=submit]", "Save")
    dana.until_says(".open-bar", "Acceptance, three months")
    path = dana.driver.current_url.removeprefix(house.url)
    assert re.fullmatch(r"/reports/\d+", path)
    dana.choose("select[aria-label^='How often this report']", "weekly")
    dana.until_says(".report-side", "Every week")
    dana.until(lambda: mails(house, "Acceptance, three months"), "the mail")
    [mail] = mails(house, "Acceptance, three months")
    dana.until_says(".schedule-mails", "sent")
    text = mail.get_body(("plain",)).get_content()
    [opens] = re.findall(rf"Open it in the portal: {house.url}(/\S+)", text)
    [ends] = re.findall(rf"Stop this report: {house.url}(/\S+)", text)
    assert opens == path
    [book] = mail.iter_attachments()
    assert book.get_filename().startswith("acceptance-")
    dana.go(opens)
    dana.until_says(".open-bar", "Acceptance, three months")
    assert faults(dana) == []
    dana.open(ends, shows="button")
    assert dana.violations() == []
    dana.press("button", "Stop this report")
    dana.until_says("h1", "Done")
    dana.go(opens)
    dana.until_says(".report-side", "Open a saved report and choose how often it comes.")
    dana.go("/notifications")
    dana.press("a.notice-link", "Acceptance, three months")
    dana.until(lambda: dana.driver.current_url.endswith(path), "the report")
    assert len(mails(house, "Acceptance, three months")) == 1


def test_share_and_let_a_colleague_open_it(arrive: Arrive):
    dana = arrive("biller")
    dana.go("/reports?report=blocked")
    dana.press("button", "Save…")
    dana.type("input[name=name]", "What stands still")
    dana.press("label.choice-line")
    dana.press("[role=dialog] button[type=submit]", "Save")
    dana.until_says(".open-bar", "shared with all")
    ana = arrive("attorney")
    ana.go("/reports")
    ana.press(".report-side a.panel-row", "What stands still")
    ana.until_says(".open-bar", "shared by Dana Brooks")
    ana.until_says(".words", "matters of Ana Reyes")
    assert ana.count(".open-bar button") == 0
    dana.press(".open-bar button", "Remove")
    dana.press("[role=alertdialog] button", "Remove report")
    dana.until_says("[role=status]", "is removed")
    ana.go(ana.driver.current_url.removeprefix(ana.url))
    ana.until_says("[role=alert]", "was removed")


def test_paper_shows_the_report_and_no_navigation(arrive: Arrive):
    dana = arrive("biller")
    dana.see_as(DARK)
    dana.go("/reports?report=ageing")
    dana.until(lambda: dana.count(".report-section"), "the tables")
    dana.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert (dana.count(".side"), dana.count(".report-filters"), dana.count("button")) == (0, 0, 0)
    assert dana.count(".report-section") >= 3
    ground = dana.driver.execute_script(
        "return getComputedStyle(document.querySelector('.report-frame')).backgroundColor"
    )
    assert ground == "rgb(255, 255, 255)"
