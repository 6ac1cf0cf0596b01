"""Review: the queue, one proforma, approving one and all clean ones, returning, who sees what."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from core.clock import now, today
from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError
from models import Notice, Proforma, User
from models.enums import FindingAction, NoticeKind, ProformaStatus, Role
from services.actor import Actor, actor_of
from services.review import proformas
from services.review.proformas import ProformaFilter
from services.review.queue_list import list_queue
from tests.builders import actor, id_of, make_biller, make_finding, make_matter, make_proforma, make_user
from tests.services.counting import counted

CAP = Decimal(10_000)


def attorney_with(session: Session, count: int, **kind: object) -> tuple[User, Actor, list[Proforma]]:
    user = make_user(session, Role.ATTORNEY, name="Ana Reyes")
    made = [make_proforma(session, matter=make_matter(session, attorney=user), **kind) for _ in range(count)]
    return user, actor_of(user), made


def test_list_queue_shows_an_attorney_what_is_due(session: Session) -> None:
    _, ana, (first, second) = attorney_with(session, 2)
    second.due_on = today() - timedelta(days=1)
    first.due_on = today() + timedelta(days=1)
    make_proforma(session)
    make_proforma(
        session, matter=make_matter(session, attorney=session.get_one(User, ana.user_id)), status=ProformaStatus.DRAFT
    )
    session.flush()
    rows = [item.row for item in list_queue(session, ana).items]
    assert [(row.id, row.is_overdue) for row in rows] == [(second.id, True), (first.id, False)]
    assert rows[0].reviewer_name == "Ana Reyes"
    assert rows[0].carrier_name.startswith("Carrier")


def test_list_proformas_pages_by_due_day(session: Session) -> None:
    made = [make_proforma(session, due_on=date(2026, 11, 9 + n // 2)) for n in range(5)]
    biller = make_biller(session)
    seen: list[int] = []
    after = None
    while rows := proformas.list_proformas(session, biller, limit=2, after=after):
        seen += [row.id for row in rows]
        after = (rows[-1].due_on, rows[-1].id)
    assert seen == [proforma.id for proforma in made]


def test_list_proformas_takes_as_many_statements_for_two_as_for_twenty(database: Database) -> None:
    counts = []
    for size in (2, 20):
        with database.unit_of_work() as session:
            run_id = make_proforma(session).billing_run_id
            _, ana, _ = attorney_with(session, size)
        with database.read_only() as session, counted(database) as statements:
            rows = proformas.list_proformas(session, ana, wanted=ProformaFilter(statuses=[ProformaStatus.IN_REVIEW]))
        assert len(rows) == size
        assert all(row.id != run_id or row.line_count for row in rows)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 3


def test_get_proforma_offers_what_may_be_done(session: Session) -> None:
    _, ana, (proforma,) = attorney_with(session, 1)
    detail = proformas.get_proforma(session, ana, proforma_id=id_of(proforma))
    assert [verb for verb, _ in detail.verbs] == ["return_to_billing", "approve", "hold"]
    assert (detail.may_edit, detail.may_edit_codes) == (True, True)
    for_billing = proformas.get_proforma(session, make_biller(session), proforma_id=id_of(proforma))
    assert (for_billing.may_edit, for_billing.may_edit_codes) == (False, True)
    assert len(detail.lines) == 2


def test_get_proforma_hides_other_attorneys_matters(session: Session) -> None:
    proforma = make_proforma(session)
    with pytest.raises(NotFoundError, match="among yours"):
        proformas.get_proforma(session, actor(Role.ATTORNEY, user_id=-1), proforma_id=id_of(proforma))


def test_approve_proforma_approves_what_was_seen(session: Session) -> None:
    _, ana, (proforma,) = attorney_with(session, 1)
    with pytest.raises(StaleVersionError):
        proformas.approve_proforma(session, ana, proforma_id=id_of(proforma), expected_version=7)
    proformas.approve_proforma(session, ana, proforma_id=id_of(proforma), expected_version=1)
    assert proforma.status is ProformaStatus.APPROVED
    history = proformas.get_proforma(session, ana, proforma_id=id_of(proforma)).history
    assert [(event.tag, event.actor_name) for event in history] == [("proforma:approve", "Ana Reyes")]


def test_approve_proforma_over_a_block_wants_a_reason(session: Session) -> None:
    _, ana, (proforma,) = attorney_with(session, 1)
    make_finding(session, proforma, action=FindingAction.BLOCK)
    with pytest.raises(InvalidInputError, match="guidelines block 1 of its lines"):
        proformas.approve_proforma(session, ana, proforma_id=id_of(proforma), expected_version=1)
    proformas.approve_proforma(
        session, ana, proforma_id=id_of(proforma), expected_version=1, note="Allowed by the handler on 2 November"
    )
    assert proforma.status is ProformaStatus.APPROVED


def test_approve_clean_skips_and_names_each_reason(session: Session) -> None:
    user, ana, (clean, changed, flagged, dear) = attorney_with(session, 4)
    other = make_proforma(session)
    draft = make_proforma(session, matter=make_matter(session, attorney=user), status=ProformaStatus.DRAFT)
    make_finding(session, flagged)
    changed.version = 5
    dear.billed_amount = CAP
    session.flush()
    seen = {id_of(p): 1 for p in (clean, changed, flagged, dear, other, draft)} | {4711: 1}
    result = proformas.approve_clean(session, ana, seen=seen, cap_amount=CAP)
    assert result.approved == (clean.id,)
    assert {skipped.proforma_id: skipped.reason for skipped in result.skipped} == {
        changed.id: "It changed since it was shown to you.",
        flagged.id: "1 findings want your eyes.",
        dear.id: "Its $10,000.00 would pass the cap for approving at once.",
        other.id: "It is not yours to approve.",
        draft.id: "It is draft, not in review.",
        4711: "It is not yours to approve.",
    }
    assert {p.status for p in (changed, flagged, dear, other)} == {ProformaStatus.IN_REVIEW}


def test_approve_clean_is_for_attorneys(session: Session) -> None:
    with pytest.raises(DeniedError, match="for the role admin or attorney"):
        proformas.approve_clean(session, make_biller(session), seen={1: 1}, cap_amount=CAP)


def test_return_proforma_keeps_the_note(session: Session) -> None:
    _, ana, (proforma,) = attorney_with(session, 1)
    with pytest.raises(InvalidInputError, match="needs a reason"):
        proformas.return_proforma(session, ana, proforma_id=id_of(proforma), expected_version=1, note=" ")
    proformas.return_proforma(session, ana, proforma_id=id_of(proforma), expected_version=1, note="Fix line 2")
    biller = make_biller(session)
    row = list_queue(session, biller).items[0].row
    assert (row.return_note, row.status) == ("Fix line 2", ProformaStatus.RETURNED)
    proformas.send_to_review(session, biller, proforma_id=id_of(proforma), expected_version=row.version)
    assert proforma.status is ProformaStatus.IN_REVIEW


def test_hold_resume_reopen_and_void_go_round(session: Session) -> None:
    _, ana, (proforma,) = attorney_with(session, 1)
    key = id_of(proforma)
    proformas.hold_proforma(session, ana, proforma_id=key, expected_version=1)
    proformas.resume_proforma(session, ana, proforma_id=key, expected_version=2)
    proformas.approve_proforma(session, ana, proforma_id=key, expected_version=3)
    proformas.reopen_proforma(session, ana, proforma_id=key, expected_version=4)
    proformas.void_proforma(session, make_biller(session), proforma_id=key, expected_version=5)
    assert proforma.status is ProformaStatus.VOIDED


def test_reopen_by_billing_lets_it_wait_anew_and_tells_its_attorney(session: Session) -> None:
    user, ana, (proforma,) = attorney_with(session, 1)
    key, long_ago = id_of(proforma), now() - timedelta(days=30)
    proforma.waiting_since_at = long_ago
    proformas.approve_proforma(session, ana, proforma_id=key, expected_version=1)
    proformas.reopen_proforma(session, ana, proforma_id=key, expected_version=2)
    assert proforma.waiting_since_at == long_ago
    proformas.approve_proforma(session, ana, proforma_id=key, expected_version=3)
    proformas.reopen_proforma(session, make_biller(session), proforma_id=key, expected_version=4)
    session.refresh(proforma)
    assert proforma.waiting_since_at > long_ago
    assert session.exec(select(Notice.user_id).where(Notice.kind == NoticeKind.PROFORMA_WAITS)).all() == [user.id]
