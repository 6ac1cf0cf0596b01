"""Splits: proposed by others, hours by the timekeeper alone, never more than the line bills, billed once."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from core.db import Database
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models import AuditEvent, Invoice, ProformaLine, SplitPart, SplitProposal, TimeEntry
from models.enums import EntryStatus, LineTreatment, ProformaStatus, ProposalStatus, Role
from services.actor import Actor, actor_of
from services.invoicing.invoice_queries import get_invoice
from services.invoicing.invoices import finalize_proformas
from services.review import proforma_edits, proformas, splits
from services.review.inbox import count_inbox
from services.review.split_queries import is_own_line, waiting_splits
from services.review.splits import PartGiven
from tests.builders import actor, id_of, make_split, make_user
from tests.services.review.test_proforma_edits import Desk, make_desk

TEXTS = ("Draft the motion", "Call with the adjuster", "Review the policy")


@dataclass
class Table:
    """A proforma with a fee of 1.5 h, its timekeeper's sign-in, and billing."""

    desk: Desk
    timekeeper: Actor
    biller: Actor

    @property
    def session(self) -> Session:
        return self.desk.session

    def propose(self, *texts: str, who: Actor | None = None) -> SplitProposal:
        version = self.desk.proforma.version
        parts = texts or TEXTS
        line_id = id_of(self.desk.line)
        return splits.propose_split(
            self.session, who or self.desk.attorney, line_id=line_id, expected_version=version, parts=parts
        )

    def attest(self, proposal: SplitProposal, *hours: str, who: Actor | None = None) -> None:
        given = [PartGiven(text, Decimal(one)) for text, one in zip(TEXTS, hours, strict=False)]
        splits.attest_split(
            self.session, who or self.timekeeper, proposal_id=id_of(proposal), expected_version=1, parts=given
        )

    def parts(self) -> list[ProformaLine]:
        statement = select(ProformaLine).where(col(ProformaLine.split_from_id) == self.desk.line.id)
        return list(self.session.exec(statement.order_by(col(ProformaLine.line_number))))


@pytest.fixture
def table(session: Session) -> Table:
    return make_table(session)


def make_table(session: Session, **profile: object) -> Table:
    desk = make_desk(session, **profile)
    person = make_user(session, Role.ATTORNEY)
    person.timekeeper_id = desk.line.timekeeper_id
    session.flush()
    return Table(desk, actor_of(person), actor(Role.BILLER, user_id=id_of(make_user(session, Role.BILLER))))


def test_propose_leaves_hours_blank_and_the_line_as_it_was(table: Table) -> None:
    proposal = table.propose(who=table.biller)
    parts = table.session.exec(select(SplitPart)).all()
    assert [part.narrative for part in parts] == list(TEXTS)
    assert {part.hours for part in parts} == {None}
    assert (proposal.status, table.desk.line.treatment) == (ProposalStatus.PROPOSED, LineTreatment.BILL)
    assert table.desk.proforma.version == 1


def test_attest_bills_the_parts_and_writes_the_rest_down(table: Table) -> None:
    table.attest(table.propose(), "0.5", "0.4", "0.3")
    line, parts = table.desk.line, table.parts()
    assert line.treatment is LineTreatment.SPLIT
    assert [(part.line_number, part.billed_units, part.entered_units) for part in parts] == [
        (3, Decimal("0.5"), Decimal("0.5")),
        (4, Decimal("0.4"), Decimal("0.4")),
        (5, Decimal("0.3"), Decimal("0.3")),
    ]
    assert {
        (part.time_entry_id, part.worked_on, part.timekeeper_id, part.unit_cost, part.task_code) for part in parts
    } == {(line.time_entry_id, line.worked_on, line.timekeeper_id, line.unit_cost, line.task_code)}
    assert table.desk.proforma.billed_amount == Decimal("142.50") + 114 + Decimal("85.50") + Decimal("427.50")
    event = table.session.exec(select(AuditEvent).where(AuditEvent.tag == "proforma:split_attested")).one()
    assert event.data["into"] == [3, 4, 5]
    assert event.data["written_down_hours"] == "0.30"
    assert "motion" not in str(event.data)


def test_the_page_shows_parts_behind_their_line(table: Table) -> None:
    table.attest(table.propose(), "0.5", "0.4", "0.3")
    lines = proformas.get_proforma(table.session, table.desk.attorney, proforma_id=id_of(table.desk.proforma)).lines
    assert [line.line_number for line in lines] == [1, 3, 4, 5, 2]
    assert lines[0].split_into == (3, 4, 5)
    assert (lines[1].split_from, lines[1].entered_narrative, lines[1].worked_units) == (1, TEXTS[0], Decimal("0.5"))


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        (("0.8", "0.4", "0.4"), "a split never adds hours"),
        (("0.5", "0", "0.3"), "more than no hours"),
        (("1.6", "-0.5", "0.3"), "more than no hours"),
        (("0.5", "0.4"), "Every part needs its hours"),
        (("0.5", "0.45", "0.3"), "steps of 0.1 h"),
    ],
)
def test_attest_refuses_wrong_hours(session: Session, hours: tuple[str, ...], sentence: str) -> None:
    table = make_table(session, guidelines=[{"kind": "min_increment", "action": "warn", "hours": "0.1"}])
    proposal = table.propose()
    with pytest.raises(InvalidInputError, match=sentence):
        table.attest(proposal, *hours)
    assert table.parts() == []
    assert proposal.status is ProposalStatus.PROPOSED


def test_attest_never_gives_back_what_a_reviewer_took_off(table: Table) -> None:
    proposal = table.propose()
    table.desk.do(proforma_edits.write_down, units=Decimal("0.5"), note="Too long")
    with pytest.raises(InvalidInputError, match=r"the line bills 1 h"):
        table.attest(proposal, "0.5", "0.4", "0.3")


def test_only_the_timekeeper_gives_hours_or_declines(table: Table) -> None:
    proposal = table.propose()
    for who in (table.desk.attorney, table.biller, actor(Role.ADMIN, user_id=id_of(make_user(table.session)))):
        with pytest.raises(DeniedError, match="Only the timekeeper"):
            table.attest(proposal, "0.5", "0.4", "0.3", who=who)
        with pytest.raises(DeniedError, match="Only the timekeeper"):
            splits.decline_split(table.session, who, proposal_id=id_of(proposal), expected_version=1, reason="No")


def test_attest_refuses_a_stale_or_answered_proposal(table: Table) -> None:
    proposal = table.propose()
    parts = [PartGiven(text, Decimal("0.1")) for text in TEXTS]
    with pytest.raises(StaleVersionError):
        splits.attest_split(
            table.session, table.timekeeper, proposal_id=id_of(proposal), expected_version=9, parts=parts
        )
    table.attest(proposal, "0.5", "0.4", "0.3")
    with pytest.raises(WrongStateError):
        table.attest(proposal, "0.5", "0.4", "0.3")


def test_attest_refuses_a_closed_proforma(table: Table) -> None:
    proposal = table.propose()
    version = table.desk.proforma.version
    proformas.approve_proforma(
        table.session, table.desk.attorney, proforma_id=id_of(table.desk.proforma), expected_version=version
    )
    assert count_inbox(table.session, table.timekeeper) == 0
    with pytest.raises(WrongStateError, match="reopen it first"):
        table.attest(proposal, "0.5", "0.4", "0.3")


def test_approve_all_leaves_a_waiting_split_alone(table: Table) -> None:
    table.propose()
    seen = {id_of(table.desk.proforma): table.desk.proforma.version}
    result = proformas.approve_clean(table.session, table.desk.attorney, seen=seen, cap_amount=Decimal(10_000))
    assert result.approved == ()
    assert "waits for the timekeeper" in result.skipped[0].reason


@pytest.mark.parametrize("parts", [(), ("One text",), ("One text", "  ")])
def test_propose_wants_two_texts(table: Table, parts: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError, match="2 to 20 texts"):
        splits.propose_split(
            table.session, table.desk.attorney, line_id=id_of(table.desk.line), expected_version=1, parts=parts
        )


def test_propose_refuses_a_second_one_a_part_and_a_line_with_dollars_off(table: Table) -> None:
    proposal = table.propose()
    with pytest.raises(WrongStateError, match="waits for its timekeeper already"):
        table.propose()
    splits.withdraw_split(table.session, table.biller, proposal_id=id_of(proposal))
    table.desk.do(proforma_edits.write_down, amount=Decimal(10), note="Courtesy")
    with pytest.raises(InvalidInputError, match="Dollars were taken off"):
        table.propose()
    table.desk.do(proforma_edits.restore_line)
    table.attest(table.propose(), "0.5", "0.4", "0.3")
    part = table.parts()[0]
    with pytest.raises(WrongStateError, match="not billed as one any more"):
        splits.propose_split(
            table.session,
            table.desk.attorney,
            line_id=id_of(part),
            expected_version=table.desk.proforma.version,
            parts=TEXTS,
        )


def test_a_split_line_is_restored_whole_and_not_edited(table: Table) -> None:
    table.attest(table.propose(), "0.5", "0.4", "0.3")
    with pytest.raises(WrongStateError, match="This line was split"):
        table.desk.do(proforma_edits.edit_line, billed_units=Decimal(1))
    with pytest.raises(InvalidInputError, match="A part cannot wait alone"):
        table.desk.do(proforma_edits.hold_line, line_id=id_of(table.parts()[0]))
    table.desk.do(proforma_edits.restore_line)
    assert table.parts() == []
    assert table.desk.line.treatment is LineTreatment.BILL
    assert table.desk.proforma.billed_amount == Decimal("855.00")
    assert table.session.exec(select(SplitProposal)).one().status is ProposalStatus.WITHDRAWN


def test_decline_keeps_the_line_and_the_reason(table: Table) -> None:
    proposal = table.propose()
    splits.decline_split(
        table.session, table.timekeeper, proposal_id=id_of(proposal), expected_version=1, reason="One task"
    )
    assert (proposal.status, proposal.reason) == (ProposalStatus.DECLINED, "One task")
    assert table.desk.line.treatment is LineTreatment.BILL


def test_waiting_splits_are_ones_own(table: Table) -> None:
    proposal = table.propose()
    (row,) = waiting_splits(table.session, table.timekeeper)
    assert (row.id, row.hours, [part.narrative for part in row.parts]) == (proposal.id, Decimal("1.5"), list(TEXTS))
    assert waiting_splits(table.session, table.biller) == []
    assert count_inbox(table.session, table.timekeeper) == 1
    assert is_own_line(table.session, table.timekeeper, id_of(table.desk.line))
    assert not is_own_line(table.session, table.desk.attorney, id_of(table.desk.line))


def test_finalize_bills_a_split_entry_once_and_ends_what_waits(table: Table) -> None:
    table.attest(table.propose(), "0.5", "0.4", "0.3")
    waiting = make_split(table.session, line=_other_line(table))
    table.desk.do(proforma_edits.write_off, line_id=id_of(table.parts()[2]), note="Courtesy")
    table.desk.proforma.status = ProformaStatus.APPROVED
    table.session.flush()
    finalize_proformas(table.session, table.biller, proforma_ids=[id_of(table.desk.proforma)])
    table.session.expire_all()
    entry = table.session.get_one(TimeEntry, table.desk.line.time_entry_id)
    assert entry.status is EntryStatus.BILLED
    assert waiting.status is ProposalStatus.WITHDRAWN
    invoice = get_invoice(table.session, table.biller, invoice_id=id_of(table.session.exec(select(Invoice)).one()))
    assert [line.units for line in invoice.lines] == [Decimal("0.5"), Decimal("0.4"), Decimal("1.5")]


def _other_line(table: Table) -> ProformaLine:
    statement = select(ProformaLine).where(ProformaLine.proforma_id == table.desk.proforma.id)
    return next(line for line in table.session.exec(statement) if line.line_number == 2)


@pytest.mark.parametrize(
    ("model", "values"), [(SplitProposal, {"given_hours": Decimal("1.6")}), (SplitPart, {"hours": Decimal(0)})]
)
def test_the_database_keeps_the_hours_within_the_line(
    each_database: Database, model: type[SplitProposal] | type[SplitPart], values: dict[str, Decimal]
) -> None:
    with each_database.unit_of_work() as session:
        make_split(session)
    with pytest.raises(DBAPIError, match="ck_split_"), each_database.unit_of_work() as session:
        session.execute(update(model).values(values))
