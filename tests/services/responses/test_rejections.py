"""The queue of what carriers did not take, and reductions that add up to what the database says by itself."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import select

from core.clock import now, today
from models import Invoice, Matter
from models.enums import AcceptanceStatus, AppealStatus, DecisionStatus, Role, SubmissionStatus
from services.responses.reductions import ReductionBy, list_reductions
from services.responses.rejection_cases import get_rejection
from services.responses.rejections import RejectionKind, RejectionStep, list_rejections
from tests.builders import (
    actor,
    id_of,
    make_appeal,
    make_biller,
    make_carrier,
    make_cut_acceptance,
    make_cut_invoice,
    make_invoice,
    make_matter,
    make_submission,
    make_user,
    profile_document,
)

D, Step = DecisionStatus, RejectionStep


def steps(session, who):
    return {row.number: row.step for row in list_rejections(session, who)}


def test_list_rejections_names_the_next_step_nearest_last_day_first(session):
    late = make_cut_invoice(session, decided_at=now() - timedelta(days=70))
    soon = make_cut_invoice(session, decided_at=now() - timedelta(days=55))
    rejected = make_cut_invoice(session, decision=D.REJECTED, decided_at=now() - timedelta(days=10))
    refused = make_invoice(session)
    make_submission(session, refused, status=SubmissionStatus.REFUSED)
    drafted, sent, proposed = (make_cut_invoice(session) for _ in range(3))
    make_appeal(session, invoice_id=id_of(drafted), due_on=today() + timedelta(days=61))
    make_appeal(session, invoice_id=id_of(sent), status=AppealStatus.SENT, due_on=today() + timedelta(days=62))
    make_cut_acceptance(session, invoice_id=id_of(proposed))
    make_cut_invoice(session, decision=D.APPROVED)
    rows = list_rejections(session, make_biller(session))
    assert [(row.number, row.step) for row in rows] == [
        (late.number, Step.ACCEPT),
        (soon.number, Step.APPEAL),
        (rejected.number, Step.CORRECT),
        (proposed.number, Step.APPROVE),
        (drafted.number, Step.SEND),
        (sent.number, Step.ANSWER),
        (refused.number, Step.CORRECT),
    ]
    assert [row.kind for row in rows][-1] is RejectionKind.REFUSED
    assert rows[1].due_on == today() + timedelta(days=5)


def test_list_rejections_leaves_out_what_is_settled_and_other_attorneys(session):
    invoice = make_cut_invoice(session)
    given_up = make_cut_acceptance(session, invoice_id=id_of(invoice), status=AcceptanceStatus.ACCEPTED)
    session.execute(
        text("insert into cut_acceptance_line (cut_acceptance_id, line_number, amount) values (:key, 1, 10000)"),
        {"key": id_of(given_up)},
    )
    mine = make_cut_invoice(session)
    assert list(steps(session, make_biller(session))) == [mine.number]
    own = session.get_one(Matter, mine.matter_id).responsible_attorney_id
    assert list(steps(session, actor(Role.ATTORNEY, user_id=own))) == [mine.number]
    assert steps(session, actor(Role.ATTORNEY, user_id=id_of(make_user(session, Role.ATTORNEY)))) == {}
    assert list_rejections(session, make_biller(session), text=mine.number[:8]) != []
    assert list_rejections(session, make_biller(session), text="nothing") == []


def test_reductions_of_every_way_add_up_to_what_sql_says(session):
    ana, ben = (make_user(session, Role.ATTORNEY, name=name) for name in ("Ana Reyes", "Ben Ito"))
    carriers = [make_carrier(session, name=name, profile=profile_document()) for name in ("Harbor", "Keystone")]
    for number, carrier in enumerate(carriers * 3):
        matter = make_matter(session, carrier=carrier, attorney=(ana, ben)[number % 3 == 0])
        cuts = {1: f"{10 + number}.25", 2: "7.10"} if number % 2 else {1: "33.33"}
        invoice = make_cut_invoice(session, matter=matter, cuts=cuts, code="vague" if number % 2 else "")
        invoice.approved_amount -= Decimal("1.11")
    make_cut_invoice(session, decision=D.REJECTED)
    session.flush()
    cents = session.execute(
        text("select sum(total_amount - approved_amount) from invoice where decision_status = 'reduced'")
    ).scalar_one()
    biller = make_biller(session)
    for by in ReductionBy:
        found = list_reductions(session, biller, by=by)
        assert sum((one.cut_amount for one in found), start=Decimal(0)) == Decimal(cents) / 100
    assert [one.name for one in list_reductions(session, biller, by=ReductionBy.REASON)] == [
        "Block billed.", "Vague", "Cut without naming a line."
    ]  # fmt: skip
    by_attorney = {one.name: one for one in list_reductions(session, biller, by=ReductionBy.ATTORNEY)}
    for person in (ana, ben):
        own = list_reductions(session, actor(Role.ATTORNEY, user_id=id_of(person)), by=ReductionBy.ATTORNEY)
        assert own == [by_attorney[person.name]]
        mine = select(Invoice).join(Matter).where(Matter.responsible_attorney_id == person.id)
        assert own[0].invoices == len(session.exec(mine).all())


def test_get_rejection_shows_cuts_route_appeals_and_proposals(session):
    invoice, biller = make_cut_invoice(session, appeal={"max_count": 2}), make_biller(session)
    appeal = make_appeal(session, invoice_id=id_of(invoice))
    make_cut_acceptance(session, invoice_id=id_of(invoice), status=AcceptanceStatus.DECLINED)
    case = get_rejection(session, biller, invoice_id=id_of(invoice))
    assert case.route.sentence.endswith("Appeal 2 of 2.")
    assert [(one.appeal.id, sorted(one.verbs)) for one in case.appeals] == [(appeal.id, ["send", "withdraw"])]
    assert [one.can_approve for one in case.acceptances] == [False]
    assert (case.cuts[0].line_number, set(case.suggested)) == (1, {1})
    assert case.row is not None
    assert case.row.step is Step.SEND
