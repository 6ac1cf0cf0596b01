"""Whatever is held, woken, billed and undone: no entry is billed twice, and none is lost."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from core.db import Database
from core.errors import BillingError, InvalidInputError
from models import Matter, Proforma, ProformaLine, TimeEntry
from models.base import metadata
from models.enums import BillingFrequency, EntryStatus, LineTreatment, MatterStatus, ProformaStatus, Role
from services import lifecycle
from services.billing import billing_runs, matter_holds
from services.billing.waking import wake_holds
from services.billing.work_in_progress import LIVE_PROFORMA
from services.invoicing.invoices import finalize_proformas
from services.review import proforma_edits, proformas
from tests.builders import actor, id_of, make_biller, make_matter, make_rate, make_time_entry, make_timekeeper
from tests.builders.clock import TurnedClock

ACTS = ("run", "undo", "hold_line", "hold_bill", "hold_matter", "finalize", "next_month")
_LAST_MONTH = 12


@dataclass
class Year:
    """One matter through a year of billing."""

    session: Session
    clock: TurnedClock
    matter: Matter
    month: int = 1
    day: date = date(2026, 2, 3)
    runs: list[int] = field(default_factory=list)

    def act(self, what: str, days: int) -> None:
        """Do one thing; what the product refuses changes nothing."""
        try:
            with self.session.begin_nested():
                getattr(self, what)(days)
        except BillingError:
            self.session.expire_all()
        self.session.expire_all()

    def run(self, _days: int) -> None:
        last = date(2026, self.month, monthrange(2026, self.month)[1])
        early = {id_of(self.matter): "Asked for"} if self.month == _LAST_MONTH else {}
        period = {"period_start": date(2026, self.month, 1), "period_end": last}
        run = billing_runs.run_billing(self.session, make_biller(self.session), **period, early=early)
        self.runs.append(id_of(run))

    def undo(self, _days: int) -> None:
        if self.runs:
            billing_runs.undo_run(self.session, make_biller(self.session), run_id=self.runs[-1])

    def hold_line(self, days: int) -> None:
        for proforma in self.live(ProformaStatus.DRAFT):
            lifecycle.apply(self.session, make_biller(self.session), proforma, "send_to_review")
            lines = select(ProformaLine).where(ProformaLine.proforma_id == proforma.id).order_by(col(ProformaLine.id))
            line = self.session.exec(lines).first()
            if line is not None and proforma.line_count > 1:
                until = self.day + timedelta(days=days) if days else None
                given = {"line_id": id_of(line), "expected_version": proforma.version, "until": until}
                proforma_edits.hold_line(self.session, self.reviewer(proforma), **given)

    def hold_bill(self, days: int) -> None:
        for proforma in self.live(ProformaStatus.DRAFT, ProformaStatus.IN_REVIEW):
            given = {"expected_version": proforma.version, "until": self.day + timedelta(days=days + 1)}
            proformas.hold_proforma(self.session, make_biller(self.session), proforma_id=id_of(proforma), **given)

    def hold_matter(self, days: int) -> None:
        given = {"until": self.day + timedelta(days=days + 1), "reason": "Coverage"}
        matter_holds.hold_matter(
            self.session,
            make_biller(self.session),
            matter_id=id_of(self.matter),
            expected_version=self.matter.version,
            **given,
        )

    def finalize(self, _days: int) -> None:
        for proforma in self.live(ProformaStatus.DRAFT, ProformaStatus.IN_REVIEW):
            if proforma.status is ProformaStatus.DRAFT:
                lifecycle.apply(self.session, make_biller(self.session), proforma, "send_to_review")
            lifecycle.apply(self.session, self.reviewer(proforma), proforma, "approve")
        ids = [id_of(proforma) for proforma in self.live(ProformaStatus.APPROVED)]
        if ids:
            finalize_proformas(self.session, make_biller(self.session), proforma_ids=ids)

    def next_month(self, _days: int) -> None:
        if self.month < _LAST_MONTH:
            self.month += 1
            self.turn_to(date(2026 + self.month // 12, self.month % 12 + 1, 3))

    def turn_to(self, day: date) -> None:
        """Let a day come, with what the night before it does."""
        self.day = day
        self.clock.turn_to(day)
        wake_holds(self.session)

    def live(self, *statuses: ProformaStatus) -> list[Proforma]:
        """Return the matter's proformas in these states."""
        return list(self.session.exec(select(Proforma).where(col(Proforma.status).in_(statuses))))

    def reviewer(self, proforma: Proforma):
        """Return who reviews a proforma."""
        return actor(Role.ATTORNEY, user_id=proforma.reviewer_id)

    def check(self) -> None:
        """Find each entry on one live proforma at most, and on one invoice if and only if it is billed."""
        rows = self.session.exec(
            select(ProformaLine, Proforma.status).join(Proforma, col(Proforma.id) == col(ProformaLine.proforma_id))
        ).all()
        for entry in self.session.exec(select(TimeEntry)):
            mine = [(line, status) for line, status in rows if line.time_entry_id == entry.id]
            live = sum(status in LIVE_PROFORMA for _, status in mine)
            invoiced = sum(
                status is ProformaStatus.FINALIZED and line.treatment is LineTreatment.BILL for line, status in mine
            )
            assert (invoiced == 1) == (entry.status is EntryStatus.BILLED)
            assert live + invoiced <= 1

    def end(self) -> None:
        """Let all holds end, close the matter, and bill each month that has anything left, and the last one."""
        self.turn_to(date(2027, 12, 1))
        self.act("finalize", 0)
        closed = {"status": MatterStatus.CLOSED} if self.matter.billing_frequency is BillingFrequency.AT_CLOSE else {}
        self.session.connection().execute(Matter.__table__.update().values(closed_on=date(2026, 12, 20), **closed))
        self.session.expire_all()
        for month in range(1, _LAST_MONTH + 1):
            self.month = month
            self.act("run", 0)
            self.act("finalize", 0)
            self.check()


def _year(session: Session, clock: TurnedClock, frequency: BillingFrequency) -> Year:
    matter, timekeeper = make_matter(session), make_timekeeper(session)
    make_rate(session, Decimal("100.00"), timekeeper=timekeeper)
    for month in range(1, _LAST_MONTH + 1):
        for day in (5, 20):
            make_time_entry(session, matter=matter, timekeeper=timekeeper, worked_on=date(2026, month, day))
    matter.billing_frequency = frequency
    session.flush()
    return Year(session, clock, matter)


@pytest.mark.parametrize("frequency", list(BillingFrequency))
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 120)), min_size=4, max_size=14))
def test_every_entry_is_billed_once(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    frequency: BillingFrequency,
    steps: list[tuple[str, int]],
) -> None:
    folder: Path = tmp_path_factory.mktemp("year")
    database = Database(f"sqlite:///{folder / 'year.db'}")
    metadata.create_all(database.engine)
    clock = TurnedClock(monkeypatch, date(2026, 2, 3))
    with database.unit_of_work() as session:
        year = _year(session, clock, frequency)
        for what, days in steps:
            year.act(what, days)
            year.check()
        year.end()
        left = session.exec(select(TimeEntry).where(TimeEntry.status != EntryStatus.BILLED)).all()
        assert not left, f"{len(left)} entries were lost, the first of {left[0].worked_on}"
    database.dispose()


def test_a_run_of_nothing_says_so(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    year = _year(session, TurnedClock(monkeypatch, date(2026, 2, 3)), BillingFrequency.ON_DEMAND)
    with pytest.raises(InvalidInputError, match="Nothing in this period is ready"):
        year.run(0)
