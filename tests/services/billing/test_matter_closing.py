"""A matter is closed on a day, with the reason, and reopened; nothing new is billed of it meanwhile."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError
from models import AuditEvent, Matter, Notice
from models.enums import BillingFrequency, MatterStatus, Role
from services.billing.billing_preview import preview_of
from services.billing.billing_selection import Reason, select_work
from services.billing.matter_closing import close_matter, reopen_matter
from services.billing.matter_holds import hold_matter
from services.billing.matters import get_matter
from services.billing.waking import wake_holds
from services.review.moved_entries import find_targets
from tests.builders import actor, id_of, make_billable_matter, make_biller, make_matter, make_proforma, make_user
from tests.builders.clock import TurnedClock

DAY = date(2026, 10, 30)


def close(session: Session, matter: Matter, **given: Any) -> Matter:
    biller = given.pop("who", None) or make_biller(session)
    seen = {"matter_id": id_of(matter), "expected_version": matter.version, "closed_on": DAY, "reason": "Settled"}
    return close_matter(session, biller, **{**seen, **given})


def reopen(session: Session, matter: Matter, **given: Any) -> Matter:
    seen = {"matter_id": id_of(matter), "expected_version": matter.version, "reason": "Appealed"}
    return reopen_matter(session, make_biller(session), **{**seen, **given})


def reasons(session: Session, matter: Matter) -> set[Reason]:
    period = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}
    preview = preview_of(select_work(session, matter_ids=[id_of(matter)], **period))
    return {one.reason for one in preview.obstacles}


def test_close_and_reopen_with_day_reason_and_person(each_database: Database, clock: TurnedClock) -> None:
    with each_database.unit_of_work() as session:
        matter = make_matter(session)
        dana = make_user(session, Role.BILLER, name="Dana Brooks")
        close(session, matter, who=actor(Role.BILLER, user_id=id_of(dana)))
        matter_id = id_of(matter)
    with each_database.unit_of_work() as session:
        found = session.get_one(Matter, matter_id)
        assert (found.status, found.closed_on, found.version) == (MatterStatus.CLOSED, DAY, 2)
        detail = get_matter(session, make_biller(session), matter_id=matter_id)
        assert detail.closing is not None
        assert (detail.closing.is_closed, detail.closing.who, detail.closing.reason) == (True, "Dana Brooks", "Settled")
        reopen(session, found)
    with each_database.read_only() as session:
        found = session.get_one(Matter, matter_id)
        assert (found.status, found.closed_on) == (MatterStatus.OPEN, None)
        events = session.exec(select(AuditEvent).where(AuditEvent.subject_type == "matter")).all()
        assert [(one.tag, one.note) for one in events] == [("matter:close", "Settled"), ("matter:reopen", "Appealed")]
        assert (events[0].data["closed_on"], events[1].data["was_closed_on"]) == ("2026-10-30", "2026-10-30")


def test_no_run_bills_it_and_no_work_goes_to_it_until_it_is_reopened(session: Session, clock: TurnedClock) -> None:
    matter = make_billable_matter(session)
    other = id_of(make_matter(session))
    assert Reason.MATTER_CLOSED not in reasons(session, matter)
    close(session, matter)
    assert reasons(session, matter) == {Reason.MATTER_CLOSED}
    assert id_of(matter) not in {one.id for one in find_targets(session, proforma_matter_id=other, search="")}
    reopen(session, matter)
    assert Reason.MATTER_CLOSED not in reasons(session, matter)
    assert id_of(matter) in {one.id for one in find_targets(session, proforma_matter_id=other, search="")}


def test_a_matter_billed_when_it_is_closed_gets_its_final_bill(session: Session, clock: TurnedClock) -> None:
    matter = make_billable_matter(session)
    matter.billing_frequency = BillingFrequency.AT_CLOSE
    session.flush()
    assert reasons(session, matter) == {Reason.NOT_DUE}
    close(session, matter)
    assert not reasons(session, matter) & {Reason.NOT_DUE, Reason.MATTER_CLOSED}


def test_a_hold_ends_and_nobody_is_told_that_it_would_be_billed(session: Session, clock: TurnedClock) -> None:
    matter = make_matter(session)
    seen = {"matter_id": id_of(matter), "expected_version": matter.version}
    hold_matter(session, make_biller(session), until=date(2026, 11, 20), reason="Coverage", **seen)
    close(session, matter)
    assert (matter.billing_hold_until, matter.billing_hold_reason) == (None, "")
    clock.turn_to(date(2026, 11, 20))
    assert wake_holds(session) == 0
    assert session.exec(select(Notice)).all() == []


def test_bills_under_way_go_their_way(session: Session, clock: TurnedClock) -> None:
    matter = make_matter(session)
    proforma = make_proforma(session, matter=matter)
    before = (proforma.status, proforma.version)
    close(session, matter)
    assert (proforma.status, proforma.version) == before


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({"reason": "  "}, InvalidInputError, "needs a reason"),
        ({"closed_on": date(2023, 12, 31)}, InvalidInputError, "when it was opened"),
        ({"closed_on": date(2026, 11, 5)}, InvalidInputError, "up to today"),
        ({"expected_version": 9}, StaleVersionError, "Somebody changed"),
        ({"who": actor(Role.ATTORNEY, user_id=1)}, DeniedError, "Nothing was changed"),
        ({"matter_id": 999}, NotFoundError, "There is no matter"),
    ],
)
def test_what_is_refused_changes_nothing(
    session: Session, clock: TurnedClock, given: dict, error: type, sentence: str
) -> None:
    matter = make_matter(session)
    with pytest.raises(error, match=sentence):
        close(session, matter, **given)
    assert (matter.status, matter.closed_on) == (MatterStatus.OPEN, None)


def test_closing_twice_or_reopening_what_is_open_is_refused(session: Session, clock: TurnedClock) -> None:
    matter = make_matter(session)
    with pytest.raises(WrongStateError):
        reopen(session, matter)
    close(session, matter)
    with pytest.raises(WrongStateError):
        close(session, matter)
    with pytest.raises(InvalidInputError, match="needs a reason"):
        reopen(session, matter, reason="")


def test_who_never_was_closed_here_has_no_closing(session: Session, clock: TurnedClock) -> None:
    matter = make_matter(session)
    assert get_matter(session, make_biller(session), matter_id=id_of(matter)).closing is None
