"""Bills against rules with everything beside them: other time, permissions, past bills; a handful of statements."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import DeniedError, InvalidInputError, WrongStateError
from models import AuditEvent, Carrier, GuidelineException, Matter, Proforma, ProformaFinding, Timekeeper, User
from models.enums import EntryStatus, FindingAction, Role
from services.actor import Actor, actor_of
from services.billing.billing_runs import run_billing
from services.billing.busy_days import busy_days
from services.review import proformas
from services.rules.entry_findings import TypedEntry, check_entry
from services.rules.guideline_exceptions import grant_exception, list_exceptions, load_permissions, revoke_exception
from services.rules.past_work import PersonDay
from tests.builders import (
    NOW,
    PERIOD_END,
    PERIOD_START,
    actor,
    id_of,
    make_billable_matter,
    make_carrier,
    make_matter,
    make_rate,
    make_time_entry,
    make_timekeeper,
    make_user,
    profile_document,
)
from tests.services.counting import counted

DAY = date(2026, 10, 5)
TEN_HOURS = {"kind": "max_hours_per_day", "action": "warn", "hours": "10"}
SAME_TIME = {"kind": "same_time", "action": "warn"}
DUPLICATES = {"kind": "duplicate_line", "action": "warn"}
FREQUENCY = {"kind": "billing_frequency", "action": "warn"}


def make_firm(session: Session, *rules: dict[str, str]) -> tuple[Timekeeper, Matter, Matter]:
    """A carrier with rules, a timekeeper with a rate, and two matters of one attorney each."""
    carrier = make_carrier(session, profile=profile_document(guidelines=list(rules)))
    timekeeper = make_timekeeper(session)
    make_rate(session, timekeeper=timekeeper)
    return timekeeper, make_matter(session, carrier=carrier), make_matter(session, carrier=carrier)


def bill(session: Session) -> dict[int, list[ProformaFinding]]:
    """Run October and return the findings by matter."""
    biller = actor(Role.BILLER, user_id=id_of(make_user(session, Role.BILLER)))
    run_billing(session, biller, period_start=PERIOD_START, period_end=PERIOD_END)
    found: dict[int, list[ProformaFinding]] = {}
    for proforma in session.exec(select(Proforma)):
        of_proforma = select(ProformaFinding).where(ProformaFinding.proforma_id == proforma.id)
        found[proforma.matter_id] = list(session.exec(of_proforma))
    return found


def first_messages(session: Session, reader: Actor, matter: Matter) -> list[str]:
    """Return the findings beside the first line of a matter's proforma, as this person reads them."""
    proforma = session.exec(select(Proforma).where(Proforma.matter_id == matter.id)).one()
    detail = proformas.get_proforma(session, reader, proforma_id=id_of(proforma))
    return [finding.message for finding in detail.lines[0].findings]


def typed(matter: Matter, timekeeper: Timekeeper, **given: Any) -> TypedEntry:
    facts = {"worked_on": DAY, "hours": Decimal(3), "narrative": "Drafted the reply brief on coverage for the insurer"}
    return TypedEntry(matter_id=id_of(matter), timekeeper_id=id_of(timekeeper), **{**facts, **given})


def test_a_run_sees_the_same_day_on_another_matter(session: Session) -> None:
    timekeeper, one, other = make_firm(session, TEN_HOURS)
    make_time_entry(session, matter=one, timekeeper=timekeeper, hours="6", worked_on=DAY)
    make_time_entry(session, matter=other, timekeeper=timekeeper, hours="5", worked_on=DAY)
    found = bill(session)
    assert {finding.rule for findings in found.values() for finding in findings} == {"max_hours_per_day"}
    assert all("11 h" in findings[0].message for findings in found.values())


@pytest.mark.parametrize(
    ("status", "is_counted"),
    [
        (EntryStatus.DRAFT, False),
        (EntryStatus.SUBMITTED, True),
        (EntryStatus.HELD, True),
        (EntryStatus.BILLED, True),
        (EntryStatus.WRITTEN_OFF, False),
    ],
)
def test_a_run_counts_what_was_attested(session: Session, status: EntryStatus, is_counted: bool) -> None:
    timekeeper, one, other = make_firm(session, TEN_HOURS)
    make_time_entry(session, matter=one, timekeeper=timekeeper, hours="6", worked_on=DAY)
    make_time_entry(session, matter=other, timekeeper=timekeeper, hours="5", worked_on=DAY, status=status)
    assert bool(bill(session)[id_of(one)]) is is_counted


def test_the_same_minutes_name_only_what_the_reader_may_see(session: Session) -> None:
    timekeeper, one, other = make_firm(session, SAME_TIME)
    for matter, hours, text in ((one, (9, 11), "Reviewed file A"), (other, (10, 12), "Drafted brief B")):
        times = (time(hours[0]), time(hours[1]))
        make_time_entry(session, matter=matter, timekeeper=timekeeper, worked_on=DAY, times=times, narrative=text)
    bill(session)
    attorney = actor_of(session.get_one(User, one.responsible_attorney_id))
    (told,) = first_messages(session, attorney, one)
    assert "another matter" in told
    assert other.number not in told
    (told,) = first_messages(session, actor(Role.BILLER), one)
    assert f"matter {other.number}, not billed yet" in told


def test_a_run_of_many_matters_needs_no_more_statements(database: Database) -> None:
    counts = []
    for matters in (2, 12):
        with database.unit_of_work() as session:
            profile = profile_document(guidelines=[TEN_HOURS, SAME_TIME, DUPLICATES, FREQUENCY])
            carrier, timekeeper = make_carrier(session, profile=profile), make_timekeeper(session)
            made = [make_billable_matter(session, carrier=carrier, timekeeper=timekeeper) for _ in range(matters)]
            ids = [id_of(matter) for matter in made]
            biller = actor(Role.BILLER, user_id=id_of(make_user(session, Role.BILLER)))
        with database.unit_of_work() as session, counted(database) as seen:
            run_billing(session, biller, period_start=PERIOD_START, period_end=PERIOD_END, matter_ids=ids)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 34


def test_busy_days_are_few(session: Session) -> None:
    timekeeper, matter, _ = make_firm(session)
    for day, hours in ((5, ("6", "5")), (6, ("2", "3")), (7, ("2", "2"))):
        for one in hours:
            make_time_entry(session, matter=matter, timekeeper=timekeeper, hours=one, worked_on=date(2026, 10, day))
    found = busy_days(session, first=PERIOD_START, last=PERIOD_END, limit=Decimal(10))
    assert found == {PersonDay(timekeeper.code, DAY), PersonDay(timekeeper.code, date(2026, 10, 7))}


def test_check_entry_counts_drafts_of_its_own_timekeeper(session: Session) -> None:
    timekeeper, one, other = make_firm(session, TEN_HOURS)
    draft = EntryStatus.DRAFT
    saved = make_time_entry(session, matter=other, timekeeper=timekeeper, hours="8", worked_on=DAY, status=draft)
    who = make_user(session, Role.ATTORNEY)
    who.timekeeper_id = timekeeper.id
    session.flush()
    (found,) = check_entry(session, actor_of(who), typed(one, timekeeper))
    assert found.rule == "max_hours_per_day"
    assert check_entry(session, actor_of(who), typed(one, timekeeper, entry_id=id_of(saved))) == []


def test_check_entry_is_for_ones_own_time(session: Session) -> None:
    timekeeper, one, _ = make_firm(session, TEN_HOURS)
    with pytest.raises(DeniedError, match="your own time"):
        check_entry(session, actor_of(make_user(session, Role.ATTORNEY)), typed(one, timekeeper))
    assert check_entry(session, actor(Role.BILLER), typed(one, timekeeper)) == []


def test_check_entry_needs_a_handful_of_statements(database: Database) -> None:
    with database.unit_of_work() as session:
        timekeeper, one, other = make_firm(session, TEN_HOURS, SAME_TIME, DUPLICATES)
        for day in range(1, 29):
            make_time_entry(session, matter=other, timekeeper=timekeeper, worked_on=date(2026, 10, day))
        entry = typed(one, timekeeper)
    with database.read_only() as session, counted(database) as seen:
        check_entry(session, actor(Role.BILLER), entry)
    assert len(seen) <= 12


def grant(session: Session, carrier: Carrier, who: Actor | None = None, **given: Any) -> GuidelineException:
    facts = {"rule": "max_hours_per_day", "handler": "M. Ortiz", "granted_on": NOW.date()}
    who = who or actor(Role.BILLER, user_id=id_of(make_user(session)))
    return grant_exception(session, who, carrier_id=id_of(carrier), **{**facts, **given})


def test_a_permission_lifts_the_rule_from_the_run_on(session: Session) -> None:
    timekeeper, one, other = make_firm(session, TEN_HOURS)
    permission = grant(session, session.exec(select(Carrier)).one(), matter_id=one.id, timekeeper_id=timekeeper.id)
    make_time_entry(session, matter=one, timekeeper=timekeeper, hours="11", worked_on=DAY)
    make_time_entry(session, matter=other, timekeeper=timekeeper, hours="11", worked_on=date(2026, 10, 6))
    found = bill(session)
    (allowed,), (flagged,) = found[id_of(one)], found[id_of(other)]
    assert (allowed.action, allowed.exception_id) == (FindingAction.ALLOWED, permission.id)
    assert (flagged.action, flagged.exception_id) == (FindingAction.WARN, None)
    counts = {proforma.matter_id: proforma.finding_count for proforma in session.exec(select(Proforma))}
    assert counts == {one.id: 0, other.id: 1}


def test_a_revoked_permission_is_kept_and_lifts_nothing(session: Session) -> None:
    make_firm(session, TEN_HOURS)
    carrier = session.exec(select(Carrier)).one()
    permission = grant(session, carrier)
    admin = actor(Role.ADMIN, user_id=id_of(make_user(session)))
    revoke_exception(session, admin, exception_id=id_of(permission), note="The handler left")
    assert load_permissions(session, [id_of(carrier)]).of(id_of(carrier)) == ()
    (row,) = list_exceptions(session, admin)
    assert row.revoked_at is not None
    with pytest.raises(WrongStateError, match="taken back before"):
        revoke_exception(session, admin, exception_id=id_of(permission))
    tags = [event.tag for event in session.exec(select(AuditEvent))]
    assert tags == ["guideline_exception:granted", "guideline_exception:revoked"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"handler": " "}, "who at the carrier"),
        ({"rule": ""}, "which rule"),
        ({"granted_on": date(2999, 1, 1)}, "not yet"),
        ({"work_from": DAY, "work_to": date(2026, 10, 1)}, "end before it begins"),
        ({"limit": Decimal(0)}, "more than nothing"),
        ({"reference": "x" * 256}, "more than 255 characters"),
    ],
)
def test_grant_refuses_bad_facts(session: Session, given: dict[str, Any], sentence: str) -> None:
    make_firm(session)
    with pytest.raises(InvalidInputError, match=sentence):
        grant(session, session.exec(select(Carrier)).one(), **given)


def test_an_attorney_grants_for_own_matters_and_sees_no_others(session: Session) -> None:
    _, one, other = make_firm(session)
    carrier = session.exec(select(Carrier)).one()
    attorney = actor(Role.ATTORNEY, user_id=one.responsible_attorney_id)
    own = grant(session, carrier, attorney, matter_id=one.id)
    with pytest.raises(DeniedError):
        grant(session, carrier, attorney, matter_id=other.id)
    grant(session, carrier, matter_id=other.id)
    everywhere = grant(session, carrier)
    assert [row.id for row in list_exceptions(session, attorney)] == [everywhere.id, own.id]


@pytest.mark.mariadb
def test_mariadb_reads_the_same(mariadb_database: Database) -> None:
    with mariadb_database.unit_of_work() as session:
        timekeeper, one, other = make_firm(session, TEN_HOURS, SAME_TIME, DUPLICATES)
        for matter, hours, clock in ((one, "6", (9, 15)), (other, "5", (14, 19))):
            times = (time(clock[0]), time(clock[1]))
            make_time_entry(session, matter=matter, timekeeper=timekeeper, hours=hours, worked_on=DAY, times=times)
        found = bill(session)[id_of(one)]
        messages = first_messages(session, actor(Role.BILLER), one)
    assert sorted(finding.rule for finding in found) == ["max_hours_per_day", "same_time"]
    assert any(f"matter {other.number}, not billed yet" in message for message in messages)
