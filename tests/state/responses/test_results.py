"""The page of results: what waits, one mail as text, what a person does about it, and a report from drop to record."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
import reflex as rx
from sqlalchemy import select

from adapters.object_store import object_store
from core.db import Database, use_database
from core.errors import DeniedError, InvalidInputError
from core.settings import get_settings
from models import Invoice, MailboxState
from models.enums import DecisionStatus, DocumentStatus, Role, SubmissionStatus
from services.responses.result_mails import keep_mail
from state.guard import PageDeniedError
from state.responses.result_mail import ResultMailPage
from state.responses.result_report import ResultReportPage
from state.responses.results import Results
from tests.acting import acting_as, call, fresh_state
from tests.builders import (
    make_carrier,
    make_invoice,
    make_matter,
    make_submission,
    make_user,
    new_mail,
    profile_document,
    result_mail,
)


@dataclass
class Desk:
    """A delivered invoice, a mail about it that nobody understands, and a forged one."""

    database: Database
    carrier_id: int
    number: str
    people: dict[Role, int]

    def invoice(self) -> Invoice:
        with self.database.read_only() as session:
            return session.scalars(select(Invoice).filter_by(number=self.number)).one()

    def being(self, role: Role):
        return acting_as(role, user_id=self.people[role])


@pytest.fixture
def desk(database: Database):
    with database.unit_of_work() as session:
        carrier = make_carrier(session, profile=profile_document(result_channel="poll"))
        states = {"document_status": DocumentStatus.DELIVERED, "decision_status": DecisionStatus.PENDING}
        invoice = make_invoice(session, matter=make_matter(session, carrier=carrier), **states)
        make_submission(session, invoice, status=SubmissionStatus.DELIVERED)
        people = {role: make_user(session, role).id for role in (Role.BILLER, Role.ADMIN)}
        store, settings = object_store(get_settings()), get_settings()
        for message in (
            result_mail(f"About {invoice.number}\nSettled\n", subject="A letter"),
            result_mail("Approved", subject="Forged", verdict=""),
        ):
            keep_mail(session, new_mail(message), store=store, settings=settings)
        found = Desk(database, carrier.id, invoice.number, people)
    with use_database(database):
        yield found


async def opened(kind, address: str):
    state = fresh_state(kind, address)
    await call(state, "load")
    return state


def dropped(content: bytes, name: str = "report.csv") -> list[rx.UploadFile]:
    return [rx.UploadFile(file=BytesIO(content), path=Path(name))]


async def test_list_opens_on_what_waits(desk: Desk):
    with desk.being(Role.BILLER):
        page = await opened(Results, "/results")
        ignored = await opened(Results, "/results?status=ignored")
    assert [(row.subject, row.status) for row in page.rows] == [("Forged", "not_trusted"), ("A letter", "unmatched")]
    assert (page.waiting, page.matched, ignored.rows) == ("2", "0", [])
    assert "No carrier's profile names its sender" in page.rows[1].note


async def test_page_is_not_for_attorneys(desk: Desk):
    with acting_as(Role.ATTORNEY), pytest.raises(PageDeniedError):
        await opened(Results, "/results")


async def test_trouble_of_the_mailbox_stands_on_the_page_until_somebody_tries_again(desk: Desk):
    with desk.database.unit_of_work() as session:
        session.add(MailboxState(name="results", failure="Wrong password."))
    with desk.being(Role.ADMIN):
        page = await opened(Results, "/results")
        assert page.trouble == "Wrong password."
        await call(page, "try_again")
    assert page.problem == ""


async def test_open_shows_the_mail_as_text_and_what_may_be_done(desk: Desk):
    with desk.being(Role.BILLER):
        letter, forged = await opened(ResultMailPage, "/results/1"), await opened(ResultMailPage, "/results/2")
        nothing = await opened(ResultMailPage, "/results/99")
    assert (letter.text, letter.verbs) == (f"About {desk.number}\nSettled", ["match", "ignore"])
    assert (forged.verbs, nothing.item_id) == (["ignore"], "")
    assert nothing.problem


async def test_match_records_and_keeps_what_was_typed_when_it_is_refused(desk: Desk):
    with desk.being(Role.BILLER):
        page = await opened(ResultMailPage, "/results/1")
        await call(page, "match", {"invoice_number": "2099-1", "outcome": "approved"})
        assert "no invoice 2099-1" in page.problem
        assert page.kept_text == "2099-1"
        await call(page, "match", {"invoice_number": desk.number, "outcome": "approved"})
    assert (page.problem, page.status, page.told[0].outcome) == ("", "matched", "Approved")
    assert desk.invoice().decision_status is DecisionStatus.APPROVED


async def test_learn_shows_the_layout_first_and_an_admin_puts_it_in_force(desk: Desk):
    form = {"invoice_number": desk.number, "outcome": "approved", "word": "Settled"}
    with desk.being(Role.BILLER):
        biller = await opened(ResultMailPage, "/results/1")
        await call(biller, "learn", form)
        assert biller.is_learning
        assert biller.learnt_count == "It reads 1 waiting mail, this one among them."
        with pytest.raises(DeniedError):
            await call(biller, "save_learnt")
    assert desk.invoice().decision_status is DecisionStatus.PENDING
    with desk.being(Role.ADMIN):
        admin = await opened(ResultMailPage, "/results/1")
        await call(admin, "learn", form)
        await call(admin, "save_learnt")
    assert (admin.is_learning, admin.status) == (False, "matched")
    assert desk.invoice().decision_status is DecisionStatus.APPROVED


async def test_ignore_wants_a_reason_and_can_be_taken_back(desk: Desk):
    with desk.being(Role.BILLER):
        page = await opened(ResultMailPage, "/results/1")
        await call(page, "ignore", {"note": " "})
        assert page.problem
        await call(page, "ignore", {"note": "A newsletter"})
        assert (page.status, page.history[0].note) == ("ignored", "A newsletter")
        await call(page, "take_back")
    assert page.status == "unmatched"


async def test_report_goes_from_the_drop_over_the_mapping_to_the_record(desk: Desk):
    content = f"Invoice,Status\n{desk.number},Approved\n".encode()
    with desk.being(Role.ADMIN):
        page = await opened(ResultReportPage, "/results")
        await call(page, "choose_carrier", str(desk.carrier_id))
        await call(page, "take", dropped(content))
        assert (page.is_mapped, [word.value for word in page.words]) == (False, ["approved"])
        columns = {pick.name: pick.value for pick in page.picks}
        await call(page, "remember", {**columns, "word-0": "approved"})
        assert (page.is_mapped, page.summary) == (True, "1 approved")
        assert desk.invoice().decision_status is DecisionStatus.PENDING
        await call(page, "record")
        assert page.done == "Recorded: 1 approved."
        await call(page, "take", dropped(content))
    assert "This very file was recorded" in page.was_applied
    assert desk.invoice().decision_status is DecisionStatus.APPROVED


async def test_report_that_is_no_table_is_refused(desk: Desk):
    with desk.being(Role.BILLER):
        page = await opened(ResultReportPage, "/results")
        await call(page, "choose_carrier", str(desk.carrier_id))
        await call(page, "take", dropped(b"\x00"))
        assert "neither CSV nor XLSX" in page.problem
        await call(page, "take", [])
        assert "one file at a time" in page.problem
        await call(page, "drop")
    assert (page.problem, page.file_name) == ("", "")


async def test_handlers_refuse_values_of_the_wrong_kind(desk: Desk):
    with desk.being(Role.BILLER):
        page = await opened(ResultMailPage, "/results/1")
        with pytest.raises(InvalidInputError):
            await call(page, "match", "not a form")
