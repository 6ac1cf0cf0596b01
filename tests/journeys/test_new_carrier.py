"""A carrier never seen before: from a recording to the first accepted upload, by two people and their browsers."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Carrier, Invoice, Matter, Proforma, Submission, Timekeeper, User
from models.enums import ProformaStatus, Role, SubmissionStatus
from sandbox.month import desk
from sandbox.portals.newcomer import CLIENT_ID, PASSWORD, SITE, USERNAME, newcomer_world
from sandbox.portals.running import RunningPortals, running_portals
from sandbox.stage.layout import in_layout
from services.invoicing.invoices import finalize_proformas
from tests.builders import make_matter, make_proforma
from tests.journeys.conftest import DESK, Arrive
from tests.journeys.house import EMAIL, House
from tests.journeys.pages import faults
from tests.journeys.test_profile import paste
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow, pytest.mark.timeout(600)]

RECORDING = Path(__file__).parent / "recordings" / "juniper-ridge.recorder.json"
NAME, MATTER, CLAIM = "Juniper Ridge Assurance", "2026-90001", "JRA-55-0107"
UPLOAD_SECONDS = 240
TO_LIST = {"label": "Open my bills", "value": "/counter/bills?bill={invoice_number}"}


@dataclass(frozen=True)
class Newcomer:
    """The site that nobody knows yet, and who in the firm has a rate there."""

    portals: RunningPortals
    timekeeper_id: int

    def receipts(self) -> list[str]:
        """Return the receipts that the site has given, from its own store."""
        return [post["receipt"] for post in self.portals.control.posts(SITE) if post["status"] == "accepted"]


@pytest.fixture
def newcomer(house: House, tmp_path: Path) -> Iterator[Newcomer]:
    with house.database.read_only() as session:
        ana = session.scalars(select(Timekeeper).order_by(col(Timekeeper.id))).first()
        assert ana is not None
        known = {
            "id": ana.code, "name": f"{ana.last_name}, {ana.first_name}", "classification": ana.classification,
            "rate": "285.00", "from": "2020-01-01",
        }  # fmt: skip
        timekeeper_id = ana.id or 0
    clear_the_desk(house)
    with running_portals(newcomer_world({MATTER: CLAIM}, [known]), tmp_path / "newcomer") as portals:
        yield Newcomer(portals, timekeeper_id)


def clear_the_desk(house: House) -> None:
    """Make the invoices of what is approved, without sending them, so that the new carrier's bill goes alone."""
    with in_layout(house.plan.layout), house.database.unit_of_work() as session:
        approved = session.scalars(select(col(Proforma.id)).filter_by(status=ProformaStatus.APPROVED)).all()
        ids = [one for one in approved if one is not None]
        if ids:
            finalize_proformas(session, desk.first_person(session, Role.BILLER), proforma_ids=ids)


def picture(visitor: Visitor, name: str) -> None:
    """Keep a picture for the README, when somebody asked for them."""
    if folder := os.environ.get("JOURNEY_PICTURES"):
        visitor.take(DESK, Path(folder) / f"new-carrier-{name}.png")


def create_carrier(omar: Visitor, site_address: str) -> None:
    omar.go("/carriers")
    omar.press("main button", "New carrier")
    typed = {
        "name": NAME, "client_code": CLIENT_ID, "site": "Juniper Ridge Bill Counter", "origin": site_address,
        "label": "Main", "law_firm_id": "36-4412907",
    }  # fmt: skip
    for name, text in typed.items():
        omar.type(f"[role=dialog] input[name={name}]", text)
    picture(omar, "1-create")
    omar.press("[role=dialog] button[type=submit]", "Create carrier")
    omar.until_says("main h1", NAME)


def permit(omar: Visitor) -> None:
    form = "section[aria-label='Permission to automate']"
    omar.type(f"{form} input[name=named]", "Ruth Sands, vendor relations")
    omar.driver.execute_script(
        "const field = document.querySelector(arguments[0]); field.value = '2026-11-02'", f"{form} input[name=given_on]"
    )
    omar.press(f"{form} button[type=submit]", "Record permission")
    omar.until_says(".profile-standing", "Sending allowed")


def store_log_in(omar: Visitor) -> None:
    omar.go("/carriers")
    omar.press(f"button[aria-label='Enter the log-in of {NAME}']")
    omar.type("[role=dialog] input[name=username]", USERNAME)
    omar.type("[role=dialog] input[name=password]", PASSWORD)
    omar.press("[role=dialog] button[type=submit]", "Store")
    omar.until_says("[data-sonner-toast]", "2 values stored")


def import_recording(omar: Visitor) -> None:
    omar.press(f"a[aria-label='Profile of {NAME}']")
    omar.until_says("main", "No version is in force yet")
    omar.press("main button", "Import…")
    paste(omar, RECORDING.read_text(encoding="utf-8"))
    omar.until_says("[aria-label=Import]", "Log-in 6 steps, Upload 9 steps, Log-out 2 steps")
    omar.until_says("[aria-label=Import]", "a step scrolls to its element by itself")
    omar.until_says("[aria-label='To complete']", "Find the invoice")
    assert PASSWORD not in omar.driver.page_source
    picture(omar, "2-import")


def fill_in(omar: Visitor, form: str, **fields: str) -> None:
    for name, text in fields.items():
        is_list = bool(omar.count(f"{form} select[name={name}]"))
        if is_list:
            omar.choose(f"{form} select[name={name}]", text)
        else:
            omar.type(f"{form} [name={name}]", text)


def add_step(omar: Visitor, verb: str, **fields: str) -> None:
    omar.choose(".step-add select", verb)
    omar.press(".step-add button", "Add step")
    omar.until(lambda: omar.count(".steps form"), "the step's form")
    fill_in(omar, ".steps form", **fields)
    if verb == "read_table":
        picture(omar, "3-complete")
    omar.press(".steps form button[type=submit]", "Keep these changes")
    omar.until(lambda: not omar.count(".steps form"), "the kept step")
    omar.until_says(".steps .step-label", fields["label"])


def open_list(omar: Visitor, title: str) -> None:
    omar.press(".step-tab", title)
    omar.until_says(".step-tab.chosen", title)


def add_part(omar: Visitor, part: str, row: str, **fields: str) -> None:
    """Fill in the form of pages or of answers, and wait for the row that it makes."""
    form = f"details[aria-label='{part}'] form"
    if not omar.count(form):
        omar.press(f"details[aria-label='{part}'] > summary")
    fill_in(omar, form, **fields)
    omar.press(f"{form} .form-buttons button[type=submit]", "Add")
    omar.until_says(f"details[aria-label='{part}'] .part-rows", row)


def keep_form(omar: Visitor, part: str, **fields: str) -> None:
    form = f"details[aria-label='{part}'] form"
    omar.press(f"details[aria-label='{part}'] > summary")
    omar.until(lambda: omar.count(form), f"the form {part}")
    fill_in(omar, form, **fields)
    omar.press(f"{form} button[type=submit]", "Keep these changes")


def complete_site(omar: Visitor) -> None:
    """Say what a recording cannot: pages, what the site says, its words, and the file that it wants."""
    add_part(omar, "Pages", "list", name="list", selectors="form#look-for")
    add_part(omar, "Pages", "slip", name="slip", selectors="section#slip")
    answers = "What the site may say"
    add_part(omar, answers, "The log-in is wrong", signal="login_rejected", selectors="#counter-no")
    omar.press(f"details[aria-label='{answers}'] form summary", "Reasons of a refusal")
    refused = {"rows": "#not-taken li", "message": ".reason-text", "line_item_number": ".reason-line"}
    add_part(omar, answers, "The file is refused", signal="file_refused", selectors="#not-taken", **refused)
    add_part(omar, answers, "The session has ended", signal="session_ended", selectors="form#enter")
    keep_form(omar, "Decisions", pending="Pending", approved="Approved", reduced="Reduced")
    keep_form(
        omar, "File and terms", law_firm_id="digits_only", file_name="JRA_{invoice_number}.txt", appeal_days="30",
        payment_days="45",
    )  # fmt: skip


def complete_steps(omar: Visitor) -> None:
    open_list(omar, "Upload")
    omar.press("button[aria-label='Edit step 7']")
    omar.until(lambda: omar.count(".steps form input[name=commit]"), "the form of step 7")
    omar.press(".steps form input[name=commit]")
    omar.press(".steps form button[type=submit]", "Keep these changes")
    omar.until(lambda: omar.texts(".step-flag") == ["certifies", "final"], "one final click")
    add_step(omar, "expect", label="The slip", page="slip")
    add_step(omar, "read", label="Read the slip's number", selectors="#slipNumber", into="receipt")
    open_list(omar, "Find the invoice")
    add_step(omar, "goto", **TO_LIST)
    add_step(omar, "expect", label="My bills", page="list")
    add_step(
        omar, "read_table", label="Read my bills", table_into="invoices", rows="article.bill",
        invoice_number=".bill-number", receipt=".bill-slip", amount=".bill-amount", status=".bill-decision",
        empty="#no-bills",
    )  # fmt: skip
    open_list(omar, "Read the result")
    add_step(omar, "goto", **TO_LIST)
    add_step(omar, "expect", label="My bills", page="list")
    add_step(omar, "read", label="Read the decision", selectors=".bill-decision", into="decision")
    omar.until(lambda: not omar.count("[aria-label='To complete']"), "a draft that can be saved")


def walk_through(omar: Visitor) -> None:
    run = "section[aria-label='Dry run']"
    omar.press("[aria-label=Import] button", "Put away")
    omar.press(f"{run} button", "Dry run")
    omar.until_says(run, "Reached the upload", seconds=120)
    pictures = "return [...document.querySelectorAll('.run-picture img')].filter((one) => one.complete).length"
    omar.until(lambda: omar.driver.execute_script(pictures) >= 6, "a picture a step")
    picture(omar, "4-dry-run")


def put_in_force(omar: Visitor) -> None:
    omar.press("main button", "Save…")
    omar.type("[role=dialog] textarea[name=note]", "Recorded and completed")
    omar.press("[role=dialog] button[type=submit]", "Save version")
    omar.until_says(".versions", "Version 1")
    omar.press(".versions button", "Activate…")
    omar.type("[role=dialog] textarea[name=note]", "Seen in the dry run")
    omar.press("[role=dialog] button[type=submit]", "Activate")
    omar.until_says("main", "Version 1 is in force")


def open_matter(house: House, newcomer: Newcomer) -> None:
    """Let the new carrier pay for a matter with an approved proforma."""
    with house.database.unit_of_work() as session:
        carrier = session.scalars(select(Carrier).where(col(Carrier.name) == NAME)).one()
        ana = session.scalars(select(User).where(col(User.email) == EMAIL["attorney"])).one()
        matter = make_matter(session, carrier=carrier, attorney=ana, number=MATTER, claim_number=CLAIM)
        timekeeper = session.get_one(Timekeeper, newcomer.timekeeper_id)
        make_proforma(session, status=ProformaStatus.APPROVED, matter=matter, timekeeper=timekeeper)


def submission(house: House) -> Submission | None:
    with house.database.read_only() as session:
        ours = select(Submission).join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        matter = select(col(Matter.id)).where(col(Matter.number) == MATTER).scalar_subquery()
        return session.scalars(ours.where(col(Invoice.matter_id) == matter)).one_or_none()


def is_delivered(house: House) -> bool:
    found = submission(house)
    assert found is None or found.status is not SubmissionStatus.REFUSED, found.site_text
    return found is not None and found.status is SubmissionStatus.DELIVERED


def send(dana: Visitor, house: House) -> None:
    dana.go("/billing")
    dana.press("main button", "Make the invoices and queue them")
    dana.press("[role=alertdialog] button", "Make and queue")
    dana.until_says("main [role=status]", "1 invoice made, 1 in the queue")
    dana.until(lambda: is_delivered(house), "the delivery", seconds=UPLOAD_SECONDS)
    found = submission(house)
    assert found is not None
    dana.go(f"/submissions/{found.id}")


def test_record_complete_walk_activate_and_send(house: House, arrive: Arrive, newcomer: Newcomer):
    omar = arrive("admin")
    create_carrier(omar, newcomer.portals.url(SITE, ""))
    permit(omar)
    store_log_in(omar)
    open_matter(house, newcomer)
    import_recording(omar)
    complete_site(omar)
    complete_steps(omar)
    walk_through(omar)
    assert newcomer.portals.control.posts(SITE) == []
    put_in_force(omar)
    assert faults(omar) == []
    dana = arrive("biller")
    send(dana, house)
    receipts = newcomer.receipts()
    assert len(receipts) == 1
    dana.until_says(".pane", receipts[0])
    dana.until_says(".pane", "The site shows it")
    picture(dana, "5-delivered")
    assert dana.complaints() == []
