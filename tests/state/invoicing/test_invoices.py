"""The list of invoices and one of them: views, whose they are, queueing, voiding, correcting, and what is refused."""

from decimal import Decimal

import pytest
from sqlmodel import select

from core.db import Database
from core.errors import DeniedError, InvalidInputError
from models import Invoice, InvoiceRevision, MatterPayor, Submission
from models.enums import DocumentStatus, Role, SubmissionStatus
from services import lifecycle
from services.access import person_id
from state.invoicing.correction import Correction
from state.invoicing.invoice import InvoicePage
from state.invoicing.invoices import Invoices
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_invoice
from tests.state.billing_desk import BillingDesk, make_billing_desk


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> BillingDesk:
    monkeypatch.setattr(lifecycle, "ring", lambda *_bell: True)
    return make_billing_desk(database)


async def listed(address: str = "/invoices") -> Invoices:
    state = fresh_state(Invoices, address)
    await call(state, "load")
    return state


async def opened(invoice_id: int) -> InvoicePage:
    state = fresh_state(InvoicePage, f"/invoices/{invoice_id}")
    await call(state, "load")
    return state


async def correcting(page: InvoicePage) -> Correction:
    correction = page._get_root_state().get_substate(Correction.get_full_name().split("."))
    assert isinstance(correction, Correction)
    await call(correction, "start")
    return correction


async def test_open_on_what_waits_for_billing(desk: BillingDesk):
    unsent, refused, running = desk.invoice()
    desk.send(refused, SubmissionStatus.REFUSED)
    desk.send(running, SubmissionStatus.INTENT)
    with desk.biller():
        state = await listed()
    assert {row.id for row in state.rows} == {str(unsent), str(refused)}
    assert {row.next_step for row in state.rows} == {"Queue it", "Correct and resend"}
    assert {link.value: link.count for link in state.views} == {
        "to_do": "2", "sending": "1", "with_carrier": "0", "owed": "0", "paid": "0", "all": "3"
    }  # fmt: skip
    assert state.unqueued_text.startswith("1 invoice for ")


async def test_follow_the_filters_of_the_address(desk: BillingDesk):
    first, second, _ = desk.invoice()
    desk.send(first, SubmissionStatus.READY)
    with desk.biller():
        assert [row.id for row in (await listed("/invoices?view=sending")).rows] == [str(first)]
        assert len((await listed("/invoices?document=open&period=2026-10-31")).rows) == 3
        assert (await listed("/invoices?document=open&period=2026-09-30")).rows == []
        assert len((await listed(f"/invoices?view=all&carrier={desk.carrier_id}")).rows) == 3
        assert len((await listed("/invoices?age=0")).rows) == 3
        assert (await listed("/invoices?age=91")).rows == []
        nonsense = await listed("/invoices?view=nonsense&carrier=x&age=-1&period=x&decision=x")
    assert (nonsense.view, len(nonsense.rows)) == ("to_do", 2)
    assert str(second) in {row.id for row in nonsense.rows}


async def test_search_in_all_views(desk: BillingDesk):
    desk.invoice()
    number = desk.all_of(Invoice)[0].number
    with desk.biller():
        state = await listed()
        await call(state, "find", number)
    assert [row.number for row in state.rows] == [number]
    assert state.view == "all"


async def test_turn_pages_by_key(desk: BillingDesk):
    with desk.database.unit_of_work() as session:
        made = [id_of(make_invoice(session, lines=1)) for _ in range(52)]
    with desk.biller():
        state = await listed("/invoices?view=all")
        assert (len(state.rows), state.has_next, state.has_previous) == (50, True, False)
        await call(state, "turn", 1)
        assert [row.id for row in state.rows] == [str(made[1]), str(made[0])]
        assert (state.has_next, state.has_previous, state.range_text) == (False, True, "Page 2, 2 shown")
        await call(state, "turn", -1)
    assert len(state.rows) == 50


async def test_show_attorneys_their_own_invoices_only(desk: BillingDesk):
    own = desk.invoice()
    with desk.database.unit_of_work() as session:
        foreign = id_of(make_invoice(session))
    with desk.attorney():
        state = await listed("/invoices?view=all")
        page = await opened(foreign)
    assert {row.id for row in state.rows} == {str(key) for key in own}
    assert (page.item_id, page.lines) == ("", [])
    assert "no such invoice" in page.problem


async def test_queue_what_nobody_sent(desk: BillingDesk):
    desk.invoice()
    with desk.biller():
        state = await listed()
        await call(state, "queue_unsent")
    assert {row.status for row in desk.all_of(Submission)} == {SubmissionStatus.READY}
    assert (state.rows, state.unqueued_text, state.not_queued) == ([], "", [])


async def test_name_what_could_not_be_queued(desk: BillingDesk):
    desk.invoice()
    with desk.database.unit_of_work() as session:
        for payor in session.exec(select(MatterPayor)):
            payor.claim_number = ""
    with desk.biller():
        state = await listed()
        await call(state, "queue_unsent")
    assert desk.all_of(Submission) == []
    assert len(state.not_queued) == 3
    assert all("claim number" in row.reason and row.owner == "biller" for row in state.not_queued)


async def test_open_an_invoice_with_lines_revisions_and_its_file(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    with desk.biller():
        page = await opened(invoice_id)
        assert (page.may_queue, page.may_correct, page.may_void) == (True, True, True)
        assert [line.amount for line in page.lines] == ["$427.50", "$427.50", "$42.50"]
        assert [row.number for row in page.revisions] == ["1"]
        assert page.preview_fields == []
        await call(page, "toggle_preview")
    assert page.preview_fields[0] == "INVOICE_DATE"
    assert len(page.preview_fields) == len(page.preview_records[0]) == 24
    assert "LEDES1998B" in page.preview_title


async def test_queue_one_invoice_and_say_why_not_twice(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    with desk.biller():
        page = await opened(invoice_id)
        await call(page, "queue")
        assert not page.may_queue
        assert page.item.next_step == "Waits in the queue"
        await call(page, "queue")
    assert "submission already" in page.problem
    assert len(desk.all_of(Submission)) == 1


async def test_void_with_a_reason(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    with desk.biller():
        page = await opened(invoice_id)
        await call(page, "ask_void", True)
        await call(page, "void", {"note": "Billed to the wrong carrier"})
    assert desk.all_of(Invoice)[0].document_status is DocumentStatus.VOIDED
    assert (page.is_voiding, page.item.next_step) == (False, "Nothing: it is voided")


async def test_keep_the_reason_typed_over_an_old_version(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    with desk.biller():
        page = await opened(invoice_id)
        with desk.database.unit_of_work() as session:
            session.get_one(Invoice, invoice_id).version += 1
        await call(page, "ask_void", True)
        await call(page, "void", {"note": "Wrong carrier"})
        assert "Somebody changed this" in page.problem
        assert (page.kept_text, page.is_voiding) == ("Wrong carrier", True)
        await call(page, "void", {"note": "Wrong carrier"})
    assert desk.all_of(Invoice)[0].document_status is DocumentStatus.VOIDED


async def test_correct_a_refused_invoice_line_by_line(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    desk.send(invoice_id, SubmissionStatus.REFUSED)
    with desk.attorney():
        correction = await correcting(await opened(invoice_id))
        await call(correction, "open_line", "1")
        assert correction.form.units == "1.5"
        await call(correction, "keep_line", {"units": "1.2", "narrative": correction.form.narrative})
        await call(correction, "open_line", "3")
        await call(correction, "remove_line")
        assert [line.summary for line in correction.changed] == ["units 1.5 to 1.2", "written off"]
        await call(correction, "send", {"reason": "Cut to the carrier's limit"})
    revised = desk.all_of(InvoiceRevision)[-1]
    assert (revised.invoice_id, revised.number, revised.reason) == (invoice_id, 2, "Cut to the carrier's limit")
    assert revised.total_amount == Decimal("769.50")
    assert (correction.is_open, correction.changed) == (False, [])


async def test_queue_the_corrected_revision_of_a_biller(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    desk.send(invoice_id, SubmissionStatus.REFUSED)
    with desk.biller():
        correction = await correcting(await opened(invoice_id))
        await call(correction, "open_line", "1")
        await call(correction, "keep_line", {"narrative": "Draft reply to motion for summary judgment"})
        await call(correction, "send", {"reason": "Narrative was vague"})
    assert [row.status for row in desk.all_of(Submission)] == [SubmissionStatus.REFUSED, SubmissionStatus.READY]


async def test_keep_a_refused_correction_as_it_was_typed(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    desk.send(invoice_id, SubmissionStatus.REFUSED)
    with desk.biller():
        correction = await correcting(await opened(invoice_id))
        await call(correction, "open_line", "1")
        await call(correction, "keep_line", {"units": "twelve"})
        assert "no number" in correction.problem
        assert correction.form.number == "1"
        await call(correction, "keep_line", {"units": "9"})
        await call(correction, "send", {"reason": "More hours"})
        assert "never up" in correction.problem
    assert (correction.is_open, correction.reason, len(correction.changed)) == (True, "More hours", 1)
    assert len(desk.all_of(InvoiceRevision)) == 3


async def test_refuse_a_biller_who_would_lower_the_amount(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    with desk.biller():
        correction = await correcting(await opened(invoice_id))
        await call(correction, "open_line", "1")
        await call(correction, "keep_line", {"units": "1"})
        with pytest.raises(DeniedError, match="responsible attorney"):
            await call(correction, "send", {"reason": "Cut"})
        await call(correction, "undo_line", "1")
        assert correction.changed == []
        await call(correction, "leave")
    assert not correction.is_open


@pytest.mark.parametrize("number", ["99", "", "1; drop"])
async def test_ignore_a_line_that_the_invoice_does_not_have(desk: BillingDesk, number: str):
    invoice_id = desk.invoice()[0]
    with desk.biller():
        correction = await correcting(await opened(invoice_id))
        await call(correction, "open_line", number)
        await call(correction, "keep_line", {"units": "1"})
        await call(correction, "remove_line")
    assert (correction.form.number, correction.changed) == ("", [])


async def test_refuse_what_no_screen_sends(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    with desk.biller():
        page = await opened(invoice_id)
        with pytest.raises(InvalidInputError):
            await call(page, "void", {"note": 7})
        with pytest.raises(InvalidInputError):
            await call(await listed(), "turn", "1")


@pytest.mark.parametrize("handler", ["queue", "void", "ask_void"])
async def test_leave_queueing_and_voiding_to_billers(desk: BillingDesk, handler: str):
    arguments = {"queue": (), "void": ({"note": "x"},), "ask_void": (True,)}[handler]
    invoice_id = desk.invoice()[0]
    with acting_as(Role.ATTORNEY, Role.ADMIN, user_id=desk.attorney_id) as who:
        assert person_id(who) == desk.attorney_id
        page = await opened(invoice_id)
        with pytest.raises(DeniedError):
            await call(page, handler, *arguments)
