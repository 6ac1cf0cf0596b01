"""Printing for the post: one PDF a batch with a list for who folds it, all of its invoices or none, and the log."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from adapters.object_store import LocalObjectStore
from core.clock import today
from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError
from core.ids import sha256_hex
from models import Carrier, Invoice, Mailing, PrintBatch
from models.enums import DeliveryChannel, MailingStatus, PrintGrouping, Role
from services.mailing.mailings import record_posted, withdraw
from services.mailing.print_batches import list_print_groups, plan_batch, record_batch, set_batch
from services.mailing.print_log import list_batches, read_batch_pdf
from tests.builders import (
    actor,
    id_of,
    make_biller,
    make_mail_invoice,
    make_mail_payor,
    make_mailing,
    make_matter,
    make_user,
)
from tests.paper import pages_of

PAPER = DeliveryChannel.PAPER


@pytest.fixture
def store(tmp_path: Path) -> LocalObjectStore:
    return LocalObjectStore(tmp_path / "store")


def make_paper(session: Session, payor: Carrier, attorney=None, lines: int = 2) -> Mailing:
    matter = make_matter(session, carrier=payor, attorney=attorney)
    return make_mailing(session, invoice=make_mail_invoice(session, matter=matter, lines=lines), channel=PAPER)


def print_payor(session: Session, biller, payor: Carrier, store: LocalObjectStore) -> int:
    plan = plan_batch(session, biller, grouping=PrintGrouping.PAYOR, key=id_of(payor))
    return record_batch(session, biller, plan=plan, pdf=set_batch(plan), store=store)


def test_what_waits_is_counted_by_payor_and_by_attorney(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        biller, one = make_biller(session), make_mail_payor(session, channel=PAPER, name="Ash Mutual")
        other = make_mail_payor(session, channel=PAPER, name="Birch Life")
        ann, ben = (make_user(session, Role.ATTORNEY, name=name) for name in ("Ann", "Ben"))
        for payor, attorney in ((one, ann), (one, ben), (other, ann)):
            make_paper(session, payor, attorney)
        make_mailing(session)
        make_mailing(session, channel=PAPER, status=MailingStatus.PRINTED)
        by_payor = list_print_groups(session, biller, grouping=PrintGrouping.PAYOR)
        by_attorney = list_print_groups(session, biller, grouping=PrintGrouping.ATTORNEY)
    assert [(group.name, group.count) for group in by_payor] == [("Ash Mutual", 2), ("Birch Life", 1)]
    assert [(group.name, group.count) for group in by_attorney] == [("Ann", 2), ("Ben", 1)]
    assert sum(group.amount for group in by_payor) == sum(group.amount for group in by_attorney)


def test_batch_is_a_list_then_each_letter_and_invoice_with_pages_of_their_own(session: Session, store) -> None:
    payor, biller = make_mail_payor(session, channel=PAPER), make_biller(session)
    made = [make_paper(session, payor, lines=30), make_paper(session, payor)]
    batch_id = print_payor(session, biller, payor, store)
    pages = pages_of(read_batch_pdf(session, biller, batch_id=batch_id, store=store).content)
    numbers = [session.get_one(Invoice, row.invoice_id).number for row in made]
    assert all(number in pages[0] for number in numbers)
    assert "Posted by" in pages[0]
    firsts = [page for page in pages if "Page 1 of" in page]
    assert len(firsts) == 1 + 2 * len(made)
    assert sum(f"Invoice {number}" in page.splitlines() for number in numbers for page in firsts) == len(made)
    long = [page for page in pages if numbers[0] in page and "Page" in page]
    assert any("Page 2 of" in page for page in long)


def test_batch_has_no_letter_where_the_payor_wants_none(session: Session, store) -> None:
    payor, biller = make_mail_payor(session, channel=PAPER, has_cover_letter=False), make_biller(session)
    make_paper(session, payor)
    batch_id = print_payor(session, biller, payor, store)
    content = read_batch_pdf(session, biller, batch_id=batch_id, store=store).content
    assert not any("Sincerely" in page for page in pages_of(content))


def test_batch_of_an_attorney_spans_payors_and_one_of_chosen_ones_holds_those(session: Session) -> None:
    ann, biller = make_user(session, Role.ATTORNEY), make_biller(session)
    rows = [make_paper(session, make_mail_payor(session, channel=PAPER), ann) for _ in range(2)]
    make_paper(session, make_mail_payor(session, channel=PAPER))
    plan = plan_batch(session, biller, grouping=PrintGrouping.ATTORNEY, key=id_of(ann))
    assert (set(plan.mailing_ids), plan.label) == ({row.id for row in rows}, ann.name)
    chosen = plan_batch(session, biller, grouping=PrintGrouping.CHOSEN, mailing_ids=[id_of(rows[1])])
    assert (chosen.mailing_ids, chosen.label) == ((rows[1].id,), "Chosen")


def test_what_is_printed_waits_no_more_and_is_bound_to_its_batch(each_database: Database, store) -> None:
    with each_database.unit_of_work() as session:
        payor, biller = make_mail_payor(session, channel=PAPER), make_biller(session)
        make_paper(session, payor)
        batch_id = print_payor(session, biller, payor, store)
    with each_database.read_only() as session:
        [row] = session.exec(select(Mailing)).all()
        batch = session.get_one(PrintBatch, batch_id)
        assert (row.status, row.print_batch_id) == (MailingStatus.PRINTED, batch_id)
        assert sha256_hex(store.get(batch.object_key)) == batch.sha256
        with pytest.raises(InvalidInputError, match="Nothing was printed"):
            plan_batch(session, biller, grouping=PrintGrouping.PAYOR, key=id_of(payor))


def test_batch_takes_all_of_its_invoices_or_none(database: Database, store) -> None:
    with database.unit_of_work() as session:
        payor, biller = make_mail_payor(session, channel=PAPER), make_biller(session)
        rows = [make_paper(session, payor) for _ in range(2)]
        plan = plan_batch(session, biller, grouping=PrintGrouping.PAYOR, key=id_of(payor))
    with database.unit_of_work() as session:
        withdraw(session, biller, mailing_id=id_of(rows[0]), expected_version=1, note="Wrong claim")
    with pytest.raises(StaleVersionError, match="print again"), database.unit_of_work() as session:
        record_batch(session, biller, plan=plan, pdf=b"%PDF-", store=store)
    with database.read_only() as session:
        assert session.get_one(Mailing, rows[1].id).status is MailingStatus.READY
        assert session.exec(select(PrintBatch)).all() == []


def test_log_says_who_printed_who_posted_and_when(session: Session, store) -> None:
    payor, biller = make_mail_payor(session, channel=PAPER, name="Ash Mutual"), make_biller(session)
    for _ in range(2):
        make_paper(session, payor)
    print_payor(session, biller, payor, store)
    [waiting] = list_batches(session, biller)
    assert (waiting.label, waiting.invoice_count, waiting.posted_count, waiting.posted_by) == ("Ash Mutual", 2, 0, "")
    assert waiting.amount == sum(row.total_amount for row in session.exec(select(Invoice)))
    other, day = make_biller(session), today() - timedelta(days=2)
    first, second = waiting.waiting_ids
    record_posted(session, other, mailing_ids=[first], posted_on=day)
    assert list_batches(session, biller)[0].posted_by == ""
    record_posted(session, other, mailing_ids=[second], posted_on=day, note="Registered")
    [posted] = list_batches(session, biller)
    assert (posted.posted_by, posted.posted_on, posted.note, posted.waiting_ids) == (other.name, day, "Registered", ())


def test_log_is_paged_from_the_newest_back(session: Session, store) -> None:
    biller, made = make_biller(session), []
    for _ in range(3):
        payor = make_mail_payor(session, channel=PAPER)
        make_paper(session, payor)
        made.append(print_payor(session, biller, payor, store))
    assert [row.id for row in list_batches(session, biller, limit=2)] == made[:0:-1]
    assert [row.id for row in list_batches(session, biller, before=made[1])] == made[:1]


def test_a_damaged_batch_is_not_shown(session: Session, store) -> None:
    payor, biller = make_mail_payor(session, channel=PAPER), make_biller(session)
    make_paper(session, payor)
    batch_id = print_payor(session, biller, payor, store)
    store.put(session.get_one(PrintBatch, batch_id).object_key, b"other", "application/pdf")
    with pytest.raises(NotFoundError, match="damaged"):
        read_batch_pdf(session, biller, batch_id=batch_id, store=store)


def test_printing_is_for_billers_and_its_log_for_the_desk(session: Session) -> None:
    attorney = actor(Role.ATTORNEY, user_id=5)
    for refused in (
        lambda: list_print_groups(session, attorney, grouping=PrintGrouping.PAYOR),
        lambda: plan_batch(session, attorney, grouping=PrintGrouping.PAYOR, key=1),
        lambda: list_batches(session, attorney),
        lambda: read_batch_pdf(session, attorney, batch_id=1),
    ):
        with pytest.raises(DeniedError):
            refused()
