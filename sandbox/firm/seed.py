"""Write the practice firm into an empty database: the same seed and day give the same firm."""

from collections.abc import Iterable, Iterator
from datetime import date
from random import Random
from typing import Any

from sqlmodel import Session, func, select

from core.db import Database
from core.errors import WrongStateError
from core.key_ring import KeyRing
from models import User
from models.base import metadata
from sandbox.firm.calendar import BillingPeriod, evening
from sandbox.firm.faults import leave_unbillable, plant_in_bills
from sandbox.firm.matters import Case, open_cases
from sandbox.firm.people import People, hire
from sandbox.firm.rates import RateCards, agree_rates, approved_rates
from sandbox.firm.sites import Sites, open_accounts
from sandbox.firm.work import WorkLog
from sandbox.firm.world import World, describe

LAW_FIRM_ID = "36-4412907"
_ROWS_A_STATEMENT = 2000


def seed_firm(
    database: Database, *, key_ring: KeyRing, seed: int, today: date, origin_port: int, invoices: int = 200
) -> World:
    """Fill a migrated, empty database with a firm whose last month makes `invoices` invoices of about 40 lines.

    The sites stand at `http://<slug>.localhost:<origin_port>`. Everything but the sealing of secrets follows from
    `seed`, `today` and `invoices`.

    Raises:
        WrongStateError: somebody is in the database already; nothing was written.
    """
    random, period = Random(seed), BillingPeriod.before(today)
    people = hire(random, invoices, evening(period.start))
    sites = open_accounts(
        random, key_ring, law_firm_id=LAW_FIRM_ID, port=origin_port, at=evening(period.start)
    )  # fmt: skip
    cards = agree_rates(random, people, period)
    cases = open_cases(random, people, period, invoices)
    log = WorkLog(random, period, people)
    plant_in_bills(log, cases)
    lines = len(log.entries) + len(log.expenses)
    cases += leave_unbillable(random, people, period, log, after=invoices)
    with database.unit_of_work() as session:
        _refuse_if_seeded(session)
        _write(session, people, sites, cards, cases, log)
    log.truth.add_hours(cases, log.entries)
    planted = log.truth.listed(cases, _named(log))
    approved = approved_rates(random, cards, sorted(log.at_work, key=lambda pair: (pair[0], pair[1].code)))
    document = describe(LAW_FIRM_ID, sites, cases, people, approved, cards.current_from)
    return World(period, invoices, lines, document, planted)


def is_seeded(session: Session) -> bool:
    """Return whether a firm is in the database already."""
    return session.exec(select(func.count()).select_from(User)).one() > 0


def _named(log: WorkLog) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from ((f"time:{row['id']}", row) for row in log.entries)
    yield from ((f"expense:{row['id']}", row) for row in log.expenses)


def _refuse_if_seeded(session: Session) -> None:
    if is_seeded(session):
        message = "A firm is in this database already. Nothing was written; seed an empty database."
        raise WrongStateError(message)


def _write(
    session: Session, people: People, sites: Sites, cards: RateCards, cases: Iterable[Case], log: WorkLog
) -> None:
    rows = list(cases)
    for table, content in (
        ("timekeeper", people.timekeepers),
        ("app_user", people.users),
        ("site", sites.sites),
        ("site_account", sites.site_accounts),
        ("account_secret", sites.secrets),
        ("carrier", sites.carriers),
        ("carrier_profile_version", sites.profiles),
        ("matter", [case.matter for case in rows]),
        ("matter_payor", [case.payor for case in rows]),
        ("rate", cards.rows),
        ("time_entry", log.entries),
        ("expense", log.expenses),
    ):
        _insert(session, table, content)


def _insert(session: Session, table: str, rows: list[dict[str, Any]]) -> None:
    statement = metadata.tables[table].insert()
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        session.connection().execute(statement, rows[start : start + _ROWS_A_STATEMENT])
