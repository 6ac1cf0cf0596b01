"""The pages of mail and paper: the list, one mailing, the printer, the letter, delivery terms, answers."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core.clock import today
from core.db import Database
from core.errors import DeniedError
from models import Carrier, Invoice, LetterText, Mailing, PrintBatch
from models.enums import DecisionStatus, DeliveryChannel, DocumentStatus, MailingStatus, Role
from services.mailing import mailings
from state.invoicing.answer import PayorAnswerForm
from state.invoicing.invoice import InvoicePage
from state.invoicing.invoices import Invoices
from state.mailing.letters import Letters
from state.mailing.mail import Mail
from state.mailing.mailing import MailingPage
from state.mailing.printing import Printing
from state.sites.delivery import DeliveryForm
from state.today import Today
from tests.acting import acting_as, call, fresh_state, part_of
from tests.builders import (
    id_of,
    make_invoice,
    make_mail_invoice,
    make_mail_payor,
    make_mailing,
    make_user,
)

PAPER = DeliveryChannel.PAPER
BILLER, ADMIN = (Role.BILLER,), (Role.ADMIN,)


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr(mailings, "ring", lambda _bell, row_id, _fence: rung.append(row_id))
    return rung


@pytest.fixture
def biller_id(database: Database) -> int:
    with database.unit_of_work() as session:
        return id_of(make_user(session, Role.BILLER, name="Dana Brooks"))


def stored(database: Database, model: type) -> list:
    with database.read_only() as session:
        return list(session.exec(select(model).order_by(model.id)))


def made(database: Database, **columns) -> int:
    with database.unit_of_work() as session:
        return id_of(make_mailing(session, **columns))


async def every(generator) -> list:
    return [event async for event in generator]


async def test_list_opens_on_what_a_person_must_do(database: Database, biller_id: int) -> None:
    stopped = made(database, status=MailingStatus.NEEDS_ATTENTION, error_message="No such mailbox.")
    made(database)
    made(database, channel=PAPER)
    with acting_as(*BILLER, user_id=biller_id):
        state = fresh_state(Mail, "/mail")
        await call(state, "load")
        assert [(row.id, row.error, row.next_step) for row in state.rows] == [
            (str(stopped), "No such mailbox.", "Mend and send again")
        ]
        assert {view.value: view.count for view in state.views} == {
            "to_do": "1", "mails": "1", "to_print": "1", "to_post": "0", "sent": "0", "all": "3"
        }  # fmt: skip
        state = fresh_state(Mail, "/mail?view=to_print")
        await call(state, "load")
    assert [(row.next_step, row.goes_to, row.href.partition("?")[2]) for row in state.rows] == [
        ("Print it", "Post", "view=to_print")
    ]


async def test_list_finds_by_number_in_all_views_and_turns_pages(database: Database, biller_id: int) -> None:
    with database.unit_of_work() as session:
        payor = make_mail_payor(session)
        ids = [
            id_of(make_mailing(session, invoice=make_mail_invoice(session, carrier=payor, lines=1))) for _ in range(52)
        ]
    with acting_as(*BILLER, user_id=biller_id):
        state = fresh_state(Mail, "/mail?view=all")
        await call(state, "load")
        assert (len(state.rows), state.has_next) == (50, True)
        await call(state, "turn", 1)
        assert [row.id for row in state.rows] == [str(ids[1]), str(ids[0])]
        number = state.rows[0].invoice_number
        state = fresh_state(Mail, f"/mail?search={number}")
        await call(state, "load")
    assert ([row.invoice_number for row in state.rows], state.view) == ([number], "all")


async def test_page_is_for_the_desk(database: Database) -> None:
    for kind in (Mail, MailingPage, Printing):
        with acting_as(Role.ATTORNEY), pytest.raises(DeniedError):
            await call(fresh_state(kind, "/mail"), "load")


async def opened(mailing_id: int) -> MailingPage:
    state = fresh_state(MailingPage, f"/mail/{mailing_id}")
    await call(state, "load")
    return state


async def test_one_in_doubt_is_decided_with_its_reason(database: Database, biller_id: int) -> None:
    mailing_id = made(database, status=MailingStatus.IN_DOUBT)
    with acting_as(*BILLER, user_id=biller_id):
        page = await opened(mailing_id)
        assert page.verbs == ["confirm_sent", "confirm_unsent"]
        await call(page, "decide", {"verb": "confirm_sent", "note": " "})
        assert "needs a reason" in page.problem
        await call(page, "decide", {"verb": "confirm_sent", "note": "The payor has it"})
    assert (page.problem, page.item.status, page.note) == ("", "sent", "The payor has it")
    assert "Dana Brooks" in page.item.left


async def test_one_that_came_back_shows_the_servers_words_everywhere_and_is_sent_again(
    database: Database, biller_id: int
) -> None:
    said = "invoices@payor.example: 5.1.1 no such user"
    mailing_id = made(database, status=MailingStatus.BOUNCED, error_code="mail_bounced", error_message=said)
    with acting_as(*BILLER, user_id=biller_id):
        listed = fresh_state(Mail, "/mail")
        await call(listed, "load")
        assert [(row.error, row.next_step) for row in listed.rows] == [(said, "Mend the address and send again")]
        [invoice] = stored(database, Invoice)
        with database.unit_of_work() as session:
            found = session.get_one(Invoice, invoice.id)
            found.document_status, found.decision_status = DocumentStatus.DELIVERED, DecisionStatus.PENDING
        invoices = fresh_state(Invoices, "/invoices?view=all")
        await call(invoices, "load")
        assert [(row.mail_status, row.next_step) for row in invoices.rows] == [
            ("bounced", "Mend the address and send again")
        ]
        today_page = fresh_state(Today, "/")
        await call(today_page, "load")
        assert "Look at mails that came back" in [step.title for step in today_page.steps]
        page = await opened(mailing_id)
        assert (page.item.error, page.verbs) == (said, ["send_again", "confirm_arrived"])
        await call(page, "decide", {"verb": "send_again", "note": "New address"})
    assert (page.problem, page.item.status, page.item.error) == ("", "ready", "")


async def test_what_somebody_changed_meanwhile_keeps_what_was_typed(database: Database, biller_id: int) -> None:
    mailing_id = made(database)
    with acting_as(*BILLER, user_id=biller_id):
        page = await opened(mailing_id)
        with database.unit_of_work() as session:
            session.get_one(Mailing, mailing_id).version = 5
        await call(page, "decide", {"verb": "withdraw", "note": "Wrong claim"})
    assert "Somebody changed this" in page.problem
    assert (page.kept_text, page.item.status) == ("Wrong claim", "ready")


@pytest.mark.parametrize("verb", ["declare", "send", "print", "", "__class__"])
async def test_a_verb_that_is_no_persons_is_refused(database: Database, biller_id: int, verb: str) -> None:
    mailing_id = made(database)
    with acting_as(*BILLER, user_id=biller_id):
        page = await opened(mailing_id)
        await call(page, "decide", {"verb": verb, "note": "Because"})
    assert "cannot be read" in page.problem
    assert stored(database, Mailing)[0].status is MailingStatus.READY


async def test_copy_is_offered_once_there_is_one(database: Database, biller_id: int) -> None:
    fresh, sent = (
        made(database),
        made(database, status=MailingStatus.SENT, sha256="a" * 64, object_key="mailings/x.eml"),
    )
    with acting_as(*BILLER, user_id=biller_id):
        assert (await opened(fresh)).copy_href == ""
        page = await opened(sent)
    assert (page.copy_href, page.sha256) == (f"/files/mail-copy/{sent}", "a" * 12)


async def test_one_that_is_not_there_closes_the_pane(database: Database, biller_id: int) -> None:
    with acting_as(*BILLER, user_id=biller_id):
        page = await opened(4242)
    assert page.item_id == ""
    assert "no mailing" in page.problem


async def test_printer_prints_what_waits_and_the_log_takes_the_day(database: Database, biller_id: int) -> None:
    with database.unit_of_work() as session:
        payor = make_mail_payor(session, channel=PAPER, name="Ash Mutual")
        for _ in range(2):
            make_mailing(session, invoice=make_mail_invoice(session, carrier=payor), channel=PAPER)
    with acting_as(*BILLER, user_id=biller_id):
        state = fresh_state(Printing, "/mail")
        await call(state, "load")
        [group] = state.groups
        assert (group.name, group.count) == ("Ash Mutual", "2 invoices")
        await every(type(state).event_handlers["print"].fn(state, group.key))
        assert (state.problem, state.groups, state.is_printing) == ("", [], False)
        [batch] = state.batches
        assert (batch.label, batch.left, batch.posted) == ("Ash Mutual", "2", "")
        await call(state, "ask_posted", batch.id)
        assert state.posting_day == today().isoformat()
        await call(state, "post", {"posted_on": "", "note": ""})
        assert "day of posting is missing" in state.problem
        yesterday = today() - timedelta(days=1)
        await call(state, "post", {"posted_on": yesterday.isoformat(), "note": "Registered"})
    assert (state.posting_id, state.batches[0].left, state.batches[0].note) == ("", "", "Registered")
    assert state.batches[0].posted.startswith("Dana Brooks")
    assert {row.sent_on for row in stored(database, Mailing)} == {yesterday}


async def test_printer_groups_by_attorney_and_refuses_what_does_not_wait(database: Database, biller_id: int) -> None:
    made(database, channel=PAPER)
    with acting_as(*BILLER, user_id=biller_id):
        state = fresh_state(Printing, "/mail")
        await call(state, "group_by", "attorney")
        assert (state.grouping, len(state.groups)) == ("attorney", 1)
        await call(state, "group_by", "nonsense")
        assert state.grouping == "payor"
        await every(type(state).event_handlers["print"].fn(state, "4242"))
    assert "Nothing was printed" in state.problem
    assert stored(database, PrintBatch) == []


async def test_letter_is_looked_at_saved_and_taken_back(database: Database) -> None:
    with database.unit_of_work() as session:
        make_invoice(session)
        admin_id = id_of(make_user(session, Role.ADMIN, name="Omar Whitfield"))
    with acting_as(*ADMIN, user_id=admin_id):
        state = fresh_state(Letters, "/letters")
        await call(state, "load")
        original = state.body
        assert [version.title for version in state.versions] == ["Original"]
        await call(state, "type_body", "Dear {payer}")
        await call(state, "look")
        assert "{payer} is no placeholder" in state.problem
        await call(state, "type_body", "Dear {payor}")
        await call(state, "look")
        assert (state.problem, state.preview.startswith("data:image/png;base64,")) == ("", True)
        assert stored(database, LetterText) == []
        await call(state, "save", {"note": "Shorter"})
        assert [(one.title, one.note) for one in state.versions] == [("Version 1", "Shorter"), ("Original", "")]
        await call(state, "show_version", "0")
        assert (state.body, state.shown) == (original, "0")
        await call(state, "save", {"note": "As before"})
    assert [row.body for row in stored(database, LetterText)] == ["Dear {payor}", original]


async def test_letter_is_for_administrators(database: Database) -> None:
    with acting_as(*BILLER), pytest.raises(DeniedError):
        await call(fresh_state(Letters, "/letters"), "load")


async def test_delivery_terms_are_kept_or_the_form_says_why_not(database: Database) -> None:
    with database.unit_of_work() as session:
        carrier_id = id_of(make_mail_payor(session, channel=DeliveryChannel.SITE, invoice_emails="", name="Ash"))
        admin_id = id_of(make_user(session, Role.ADMIN))
    with acting_as(*ADMIN, user_id=admin_id):
        state = fresh_state(DeliveryForm)
        await call(state, "open", str(carrier_id))
        assert (state.payor, state.channel, state.is_open) == ("Ash", "site", True)
        await call(state, "choose", "email")
        await call(state, "save", {"emails": "nobody", "address": ""})
        assert (state.is_open, "is no e-mail address" in state.problem) == (True, True)
        await call(state, "save", {"emails": "a@payor.example", "address": "", "has_ledes_file": "yes"})
    [carrier] = stored(database, Carrier)
    assert (state.is_open, carrier.delivery_channel, carrier.has_ledes_file, carrier.has_cover_letter) == (
        False, DeliveryChannel.EMAIL, True, False
    )  # fmt: skip


async def test_delivery_terms_are_for_administrators(database: Database, biller_id: int) -> None:
    with acting_as(*BILLER, user_id=biller_id), pytest.raises(DeniedError):
        await call(fresh_state(DeliveryForm), "open", "1")


async def test_queueing_mails_what_goes_by_mail(database: Database, biller_id: int, rung: list[int]) -> None:
    with database.unit_of_work() as session:
        invoice_id = id_of(make_mail_invoice(session))
    with acting_as(*BILLER, user_id=biller_id):
        page = fresh_state(InvoicePage, f"/invoices/{invoice_id}")
        await call(page, "load")
        assert (page.may_queue, page.item.next_step) == (True, "Queue it")
        await call(page, "queue")
        state = fresh_state(Invoices, "/invoices?view=sending")
        await call(state, "load")
    assert (page.problem, page.may_queue, page.may_void) == ("", False, False)
    assert (page.item.mail_status, page.item.next_step) == ("ready", "Waits to be mailed")
    assert [(row.id, row.mail_status) for row in state.rows] == [(str(invoice_id), "ready")]
    assert [row.id for row in stored(database, Mailing)] == rung


async def test_answer_is_recorded_where_no_site_tells_it(database: Database, biller_id: int) -> None:
    with database.unit_of_work() as session:
        invoice = make_mail_invoice(
            session, document_status=DocumentStatus.DELIVERED, decision_status=DecisionStatus.PENDING
        )
        make_mailing(session, invoice=invoice, status=MailingStatus.SENT)
        invoice_id = id_of(invoice)
    with acting_as(*BILLER, user_id=biller_id):
        page = fresh_state(InvoicePage, f"/invoices/{invoice_id}")
        await call(page, "load")
        assert page.may_answer
        form = part_of(page._get_root_state(), PayorAnswerForm)
        await call(form, "open")
        await call(form, "choose", "reduced")
        await call(form, "record", {"amount": "x", "note": "Rate"})
        assert "is no number" in form.problem
        await call(form, "record", {"amount": "$500", "note": "Rate"})
        assert (form.is_open, form.problem) == (False, "")
        await call(page, "load")
    assert not page.may_answer
    [row] = stored(database, Invoice)
    assert (row.decision_status, row.approved_amount) == (DecisionStatus.REDUCED, 500)


async def test_no_answer_is_asked_of_who_may_not_record_one(database: Database) -> None:
    with database.unit_of_work() as session:
        invoice = make_mail_invoice(
            session, document_status=DocumentStatus.DELIVERED, decision_status=DecisionStatus.PENDING
        )
        make_mailing(session, invoice=invoice, status=MailingStatus.SENT)
    with acting_as(*ADMIN):
        page = fresh_state(InvoicePage, f"/invoices/{invoice.id}")
        await call(page, "load")
        assert not page.may_answer
        with pytest.raises(DeniedError):
            await call(part_of(page._get_root_state(), PayorAnswerForm), "open")
