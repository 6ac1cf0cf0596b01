"""The billing cycle on MariaDB: statements that differ by database do the same there."""

from datetime import date

import pytest
from sqlmodel import select

from core.db import Database
from models import Expense, Matter, Proforma, ProformaLine
from models.enums import EntryStatus, LineTreatment, ProformaStatus, Role
from services import lifecycle
from services.billing import billing_runs, matter_holds
from services.billing.billing_calendar import MONTHS_AHEAD, make_calendar
from services.billing.cut_off_reminders import remind_of_cut_off
from services.billing.cycle_state import list_cycles
from services.billing.matters import MatterFilter, get_matter, list_matters
from services.billing.ready_work import approved_proformas
from services.billing.waking import wake_holds
from services.invoicing.invoices import finalize_proformas
from services.notices import list_notices
from services.review import proforma_edits
from tests.builders import (
    PERIOD_END,
    PERIOD_START,
    actor,
    id_of,
    make_billable_matter,
    make_biller,
    make_time_entry,
    make_user,
)
from tests.builders.clock import TurnedClock

UNTIL = date(2026, 12, 1)


def _bill_with_held_lines(database: Database) -> None:
    with database.unit_of_work() as session:
        biller = make_biller(session)
        matter = make_billable_matter(session, fees=2, expenses=1)
        billing_runs.run_billing(session, biller, period_start=PERIOD_START, period_end=PERIOD_END)
        proforma = session.exec(select(Proforma)).one()
        lifecycle.apply(session, biller, proforma, "send_to_review")
        reviewer = actor(Role.ATTORNEY, user_id=matter.responsible_attorney_id)
        for line in session.exec(select(ProformaLine)).all():
            if line.expense_id is not None:
                given = {"line_id": id_of(line), "expected_version": proforma.version, "until": UNTIL, "note": "Wait"}
                proforma_edits.hold_line(session, reviewer, **given)
        lifecycle.apply(session, reviewer, proforma, "approve")
        assert approved_proformas(session, biller).ids == (proforma.id,)
        finalize_proformas(session, biller, proforma_ids=[id_of(proforma)])


@pytest.mark.mariadb
def test_held_lines_keep_their_day_and_are_billed_then(
    mariadb_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = TurnedClock(monkeypatch, date(2026, 11, 4))
    _bill_with_held_lines(mariadb_database)
    with mariadb_database.unit_of_work() as session:
        held = session.exec(select(Expense)).one()
        assert (held.status, held.held_until, held.hold_reason) == (EntryStatus.RELEASED, UNTIL, "Wait")
        lines = session.exec(select(ProformaLine).where(ProformaLine.treatment == LineTreatment.HOLD)).all()
        assert len(lines) == 1
        clock.turn_to(UNTIL)
        november = {"period_start": date(2026, 11, 1), "period_end": date(2026, 11, 30)}
        told = billing_runs.preview_run(session, make_biller(session), **november)
        assert [one.line_count for one in told.proformas] == [1]


@pytest.mark.mariadb
def test_matters_calendar_and_waking(mariadb_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = TurnedClock(monkeypatch, date(2026, 11, 2))
    with mariadb_database.unit_of_work() as session:
        who = make_user(session, Role.BILLER)
        biller = actor(Role.BILLER, user_id=id_of(who))
        matter = make_billable_matter(session)
        make_time_entry(session, matter=matter, status=EntryStatus.DRAFT)
        assert make_calendar(session) == MONTHS_AHEAD + 2
        assert remind_of_cut_off(session) >= 1
        given = {"matter_id": id_of(matter), "expected_version": 1, "until": UNTIL, "reason": "Coverage"}
        matter_holds.hold_matter(session, biller, **given)
    with mariadb_database.unit_of_work() as session:
        assert [row.id for row in list_matters(session, biller, wanted=MatterFilter(text="doe", is_held=True)).rows]
        assert get_matter(session, biller, matter_id=given["matter_id"]).row.hold_until == UNTIL
        assert sum(one.count for one in list_cycles(session, biller)[0].unreleased) == 1
        clock.turn_to(UNTIL)
        assert wake_holds(session) == 1
        assert session.exec(select(Matter)).one().billing_hold_until is None
        told = [notice.subject for notice in list_notices(session, biller)]
        assert any(subject.startswith(matter_number(session)) for subject in told), told
        assert not session.exec(select(Proforma).where(Proforma.status == ProformaStatus.HELD)).all()


def matter_number(session) -> str:
    return session.exec(select(Matter.number)).one()
