"""Receipts of expenses: what is taken, who may, what opening them checks, and the rule that asks for them."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from adapters.object_store import LocalObjectStore
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError
from models import AuditEvent, ExpenseReceipt, Proforma, ProformaFinding, ProformaLine, User
from models.enums import EntryKind, Role
from services.actor import Actor, actor_of
from services.billing.billing_runs import run_billing
from services.billing.receipts import ReceiptAlteredError, attach_receipt, read_receipt, receipts_of, remove_receipt
from services.papers import LARGEST
from tests.builders import (
    PERIOD_END,
    PERIOD_START,
    actor,
    id_of,
    make_billable_matter,
    make_biller,
    make_carrier,
    make_user,
    profile_document,
)

PDF = b"%PDF-1.7\n%receipt"
RULE = {"kind": "receipt_required", "action": "block", "over": "25.00"}


class Desk:
    """A proforma of a fee and an expense whose carrier wants a receipt, and the store beside it."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.store = session, LocalObjectStore(folder)
        carrier = make_carrier(session, profile=profile_document(guidelines=[RULE]))
        attorney = make_user(session, Role.ATTORNEY)
        make_billable_matter(session, carrier=carrier, attorney=attorney, fees=1)
        self.biller, self.attorney = make_biller(session), actor_of(session.get_one(User, attorney.id))
        run_billing(session, self.biller, period_start=PERIOD_START, period_end=PERIOD_END)
        self.proforma = session.exec(select(Proforma)).one()
        lines = session.exec(select(ProformaLine)).all()
        self.line = next(line for line in lines if line.kind is EntryKind.EXPENSE)
        self.fee = next(line for line in lines if line.kind is EntryKind.FEE)

    def attach(self, who: Actor | None = None, **given: Any) -> ExpenseReceipt:
        facts = {"line_id": id_of(self.line), "name": "scan.PDF", "content": PDF, "store": self.store}
        version = {"expected_version": self.proforma.version}
        return attach_receipt(self.session, who or self.biller, **{**facts, **version, **given})

    @property
    def rules_found(self) -> list[str]:
        return [found.rule for found in self.session.exec(select(ProformaFinding))]


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    return Desk(session, tmp_path)


def test_attaching_meets_the_rule_and_removing_brings_it_back(desk: Desk) -> None:
    assert desk.rules_found == ["receipt_required"]
    receipt = desk.attach()
    assert desk.rules_found == []
    assert (desk.proforma.finding_count, desk.proforma.version) == (0, 2)
    opened = read_receipt(desk.session, desk.attorney, receipt_id=id_of(receipt), store=desk.store)
    assert (opened.name, opened.media_type, opened.content) == ("scan.pdf", "application/pdf", PDF)
    (row,) = receipts_of(desk.session, [desk.line.expense_id or 0])[desk.line.expense_id or 0]
    assert (row.name, row.byte_count) == ("scan.pdf", len(PDF))
    removed = {"line_id": id_of(desk.line), "receipt_id": id_of(receipt)}
    remove_receipt(desk.session, desk.attorney, expected_version=2, **removed)
    assert desk.rules_found == ["receipt_required"]
    assert receipts_of(desk.session, [desk.line.expense_id or 0]) == {}
    with pytest.raises(WrongStateError, match="removed before"):
        remove_receipt(desk.session, desk.attorney, expected_version=3, **removed)
    assert read_receipt(desk.session, desk.biller, receipt_id=id_of(receipt), store=desk.store).content == PDF
    tags = [event.tag for event in desk.session.exec(select(AuditEvent)) if "receipt" in event.tag]
    assert tags == ["proforma:receipt_attached", "proforma:receipt_removed"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"content": b""}, "is empty"),
        ({"content": b"MZ\x90\x00"}, "PDF, PNG or JPEG"),
        ({"content": b"<html>"}, "PDF, PNG or JPEG"),
        ({"content": PDF + bytes(LARGEST)}, "more than 10 MB"),
    ],
)
def test_attach_refuses_what_is_no_receipt(desk: Desk, given: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInputError, match=says) as refused:
        desk.attach(**given)
    assert "Nothing was saved" in refused.value.user_message
    assert desk.session.exec(select(ExpenseReceipt)).all() == []


def test_attach_refuses_fees_the_same_file_twice_and_old_versions(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="this line is a fee"):
        desk.attach(line_id=id_of(desk.fee))
    desk.attach()
    with pytest.raises(InvalidInputError, match="attached already"):
        desk.attach()
    with pytest.raises(StaleVersionError):
        desk.attach(expected_version=1, content=PDF + b"2")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\scans\\Hotel: 5.10.pdf", "Hotel 5.10.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("", "receipt.pdf"),
        ("a" * 300 + ".jpeg", "a" * 156 + ".pdf"),
        ("bill\r\nSet-Cookie x.pdf", "billSet-Cookie x.pdf"),
    ],
)
def test_attach_keeps_a_clean_name(desk: Desk, name: str, kept: str) -> None:
    assert desk.attach(name=name).name == kept


def test_strangers_neither_attach_nor_open(desk: Desk) -> None:
    other = actor(Role.ATTORNEY, user_id=id_of(make_user(desk.session, Role.ATTORNEY)))
    with pytest.raises(NotFoundError):
        desk.attach(other)
    with pytest.raises(DeniedError):
        desk.attach(actor(Role.ADMIN, user_id=id_of(make_user(desk.session, Role.ADMIN))))
    receipt = desk.attach()
    with pytest.raises(NotFoundError, match="Nothing was opened"):
        read_receipt(desk.session, other, receipt_id=id_of(receipt), store=desk.store)
    with pytest.raises(NotFoundError):
        read_receipt(desk.session, desk.biller, receipt_id=999, store=desk.store)


def test_an_altered_receipt_is_not_shown(desk: Desk) -> None:
    receipt = desk.attach()
    desk.store.put(receipt.object_key, PDF + b"!", "application/pdf")
    with pytest.raises(ReceiptAlteredError, match="was altered"):
        read_receipt(desk.session, desk.biller, receipt_id=id_of(receipt), store=desk.store)


def test_a_receipt_of_another_line_is_not_removed(desk: Desk) -> None:
    receipt = desk.attach()
    with pytest.raises(NotFoundError, match="on this line"):
        remove_receipt(
            desk.session, desk.biller, line_id=id_of(desk.fee), receipt_id=id_of(receipt), expected_version=2
        )
