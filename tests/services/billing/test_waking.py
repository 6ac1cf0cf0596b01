"""The days on which holds end: proformas go back to review, matters may be billed, and people are told once."""

from datetime import date

from sqlmodel import Session, select

from models import AuditEvent, Notice, Proforma
from models.enums import NoticeKind, ProformaStatus, Role
from services.billing import matter_holds
from services.billing.waking import wake_holds
from services.notices import list_notices
from services.review import proformas
from tests.builders import actor, id_of, make_matter, make_proforma, make_user
from tests.builders.clock import TurnedClock

DAY = date(2026, 11, 20)


def held(session: Session, biller_id: int, *, until: date | None = DAY) -> Proforma:
    proforma = make_proforma(session)
    biller = actor(Role.BILLER, user_id=biller_id)
    proformas.hold_proforma(
        session, biller, proforma_id=id_of(proforma), expected_version=1, note="Waits for the adjuster", until=until
    )
    return proforma


def told(session: Session, kind: NoticeKind = NoticeKind.HOLD_ENDS) -> set[tuple[int, str, int]]:
    rows = session.exec(select(Notice).where(Notice.kind == kind)).all()
    return {(row.user_id, row.subject_type, row.subject_id) for row in rows}


def test_a_held_proforma_keeps_day_reason_and_person(session: Session, clock: TurnedClock) -> None:
    biller_id = id_of(make_user(session, Role.BILLER))
    proforma = held(session, biller_id)
    assert (proforma.status, proforma.held_until, proforma.hold_reason, proforma.held_by_id) == (
        ProformaStatus.HELD,
        DAY,
        "Waits for the adjuster",
        biller_id,
    )
    detail = proformas.get_proforma(session, actor(Role.BILLER, user_id=biller_id), proforma_id=id_of(proforma))
    assert (detail.held_until, detail.hold_reason) == (DAY, "Waits for the adjuster")


def test_wake_nothing_before_its_day_or_without_one(session: Session, clock: TurnedClock) -> None:
    biller_id = id_of(make_user(session, Role.BILLER))
    first, second = held(session, biller_id), held(session, biller_id, until=None)
    clock.turn_to(date(2026, 11, 19))
    assert wake_holds(session) == 0
    clock.turn_to(date(2027, 11, 19))
    assert wake_holds(session) == 1
    assert (first.status, second.status) == (ProformaStatus.IN_REVIEW, ProformaStatus.HELD)


def test_wake_a_proforma_and_tell_its_reviewer_and_who_held_it(session: Session, clock: TurnedClock) -> None:
    biller_id = id_of(make_user(session, Role.BILLER))
    proforma = held(session, biller_id)
    clock.turn_to(DAY)
    assert wake_holds(session) == 1
    assert (proforma.status, proforma.held_until, proforma.hold_reason) == (ProformaStatus.IN_REVIEW, None, "")
    assert proforma.due_on == date(2026, 11, 25)
    expected = {(who, "proforma", id_of(proforma)) for who in (biller_id, proforma.reviewer_id)}
    assert told(session) == expected
    event = session.exec(select(AuditEvent).where(AuditEvent.tag == "proforma:resume")).one()
    assert (event.actor_id, event.actor_role, event.data["on_behalf_of_id"]) == (None, "system", biller_id)
    assert wake_holds(session) == 0
    assert told(session) == expected


def test_hold_again_after_waking_and_be_told_again(session: Session, clock: TurnedClock) -> None:
    biller = make_user(session, Role.BILLER)
    proforma = held(session, id_of(biller))
    clock.turn_to(DAY)
    wake_holds(session)
    again = {"proforma_id": id_of(proforma), "expected_version": proforma.version, "until": date(2026, 12, 1)}
    proformas.hold_proforma(session, actor(Role.BILLER, user_id=id_of(biller)), **again)
    clock.turn_to(date(2026, 12, 1))
    assert wake_holds(session) == 1
    mine = (Notice.user_id == proforma.reviewer_id, Notice.kind == NoticeKind.HOLD_ENDS)
    assert len(session.exec(select(Notice).where(*mine)).all()) == 2


def test_a_held_proforma_may_get_another_day(session: Session, clock: TurnedClock) -> None:
    biller_id = id_of(make_user(session, Role.BILLER))
    proforma = held(session, biller_id)
    biller = actor(Role.BILLER, user_id=biller_id)
    proformas.hold_proforma(
        session, biller, proforma_id=id_of(proforma), expected_version=proforma.version, until=date(2026, 12, 24)
    )
    clock.turn_to(DAY)
    assert wake_holds(session) == 0
    proformas.resume_proforma(session, biller, proforma_id=id_of(proforma), expected_version=proforma.version)
    assert (proforma.held_until, proforma.held_by_id) == (None, None)


def test_wake_a_matter_and_tell_billing(session: Session, clock: TurnedClock) -> None:
    matter, biller_id = make_matter(session, number="2024-00017"), id_of(make_user(session, Role.BILLER))
    away = make_user(session, Role.BILLER)
    away.is_active = False
    biller = actor(Role.BILLER, user_id=biller_id)
    given = {"matter_id": id_of(matter), "expected_version": 1, "until": DAY, "reason": "Coverage"}
    matter_holds.hold_matter(session, biller, **given)
    clock.turn_to(DAY)
    assert wake_holds(session) == 1
    assert (matter.billing_hold_until, matter.billing_hold_reason) == (None, "")
    assert matter.billing_held_from == date(2026, 11, 4)
    assert told(session) == {(biller_id, "matter", id_of(matter))}
    (notice,) = list_notices(session, biller)
    assert notice.subject.startswith("2024-00017 ")


def test_a_notice_names_the_proforma_by_its_matter(session: Session, clock: TurnedClock) -> None:
    biller_id = id_of(make_user(session, Role.BILLER))
    proforma = held(session, biller_id)
    clock.turn_to(DAY)
    wake_holds(session)
    (notice,) = list_notices(session, actor(Role.BILLER, user_id=biller_id))
    assert notice.look_for
    assert notice.subject.startswith(notice.look_for)
    assert notice.subject_id == proforma.id
