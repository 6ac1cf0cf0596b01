"""Rules proposed from repeated cuts: found by trying them, with what they would have met, saved by an administrator."""

import pytest
from sqlmodel import select

from core.errors import DeniedError, StaleVersionError
from guidelines.rules import dump_rules
from models import InvoiceLine, InvoiceRevision
from models.enums import Role
from services.rules.guideline_versions import active_guidelines
from services.rules.rule_proposals import adopt_rule, list_repeated_cuts, propose_rule
from tests.builders import (
    actor_for,
    make_biller,
    make_carrier,
    make_cut_invoice,
    make_matter,
    make_user,
    profile_document,
)

BLOCK = "Drafted motion to compel; telephone call with client regarding discovery; reviewed medical records"
PLAIN = "Reviewed deposition transcript of Dr. Cole for use at the hearing"


def cut_often(session, carrier, narratives, *, times=4, message="Block billed, {} tasks."):
    for turn in range(times):
        invoice = make_cut_invoice(
            session, matter=make_matter(session, carrier=carrier), code="", message=message.format(turn + 2)
        )
        revision = session.exec(select(InvoiceRevision).where(InvoiceRevision.invoice_id == invoice.id)).one()
        table = InvoiceLine.__table__
        for number, narrative in enumerate(narratives, start=1):
            mine = (table.c.invoice_revision_id == revision.id) & (table.c.line_number == number)
            session.connection().execute(table.update().where(mine).values(narrative=narrative))
    session.expire_all()


@pytest.fixture
def carrier(session):
    return make_carrier(session, name="Harbor Mutual", profile=profile_document())


@pytest.fixture
def admin(session):
    return actor_for(make_user(session, Role.ADMIN))


def test_repeated_cuts_are_the_same_words_but_for_their_numbers(session, carrier):
    cut_often(session, carrier, (BLOCK, PLAIN))
    cut_often(session, carrier, (BLOCK, PLAIN), times=2, message="Too vague.")
    [repeated] = list_repeated_cuts(session, make_biller(session))
    assert (repeated.reason, len(repeated.lines), str(repeated.cut_amount)) == ("Block billed, … tasks", 4, "400.00")


def test_propose_finds_the_kind_that_meets_the_cut_lines_and_no_others(session, carrier, admin):
    cut_often(session, carrier, (BLOCK, PLAIN))
    [repeated] = list_repeated_cuts(session, admin)
    proposal = propose_rule(session, admin, repeated=repeated)
    assert (proposal.rule.kind, proposal.result) == (
        "block_billing", "Would have flagged 4 of 4 lines and no others."
    )  # fmt: skip
    assert not proposal.is_in_force


def test_propose_takes_words_that_the_cut_lines_share(session, carrier, admin):
    words = "Reviewed zoning ordinance of Harris County for the hearing on damages"
    cut_often(session, carrier, (words, PLAIN), message="Not covered.")
    [repeated] = list_repeated_cuts(session, admin)
    proposal = propose_rule(session, admin, repeated=repeated)
    assert proposal.rule.kind == "barred_keyword"
    assert (proposal.met, proposal.others) == (4, 0)
    assert set(proposal.rule.keywords) <= {"zoning", "ordinance", "harris", "county", "damages"}


def test_adopt_puts_the_rule_in_force_once(session, carrier, admin):
    cut_often(session, carrier, (BLOCK, PLAIN))
    [repeated] = list_repeated_cuts(session, admin)
    rule = dump_rules((propose_rule(session, admin, repeated=repeated).rule,))[0]
    given = {"carrier_id": repeated.carrier_id, "rule": rule, "expected_number": 1, "note": "Cut four times"}
    with pytest.raises(DeniedError):
        adopt_rule(session, make_biller(session), **given)
    adopt_rule(session, admin, **given)
    active = active_guidelines(session, admin, carrier_id=repeated.carrier_id)
    assert [one.kind for one in active.rules] == ["block_billing"]
    assert propose_rule(session, admin, repeated=repeated).is_in_force
    with pytest.raises(StaleVersionError):
        adopt_rule(session, admin, **given)


def test_proposals_are_not_for_attorneys(session, carrier):
    with pytest.raises(DeniedError):
        list_repeated_cuts(session, actor_for(make_user(session, Role.ATTORNEY)))
