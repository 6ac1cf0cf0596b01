"""The practice firm: the same seed gives the same firm, it bills what it promises, and its faults are real."""

import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

import migrations
from core.crypto import SealedSecret
from core.db import Database
from core.errors import WrongStateError
from core.key_ring import KeyRing
from core.settings import Settings
from ledes.characters import is_clean, transliterate
from ledes.utbms import is_activity, is_expense, is_task
from models import (
    AccountSecret,
    Carrier,
    CarrierProfileVersion,
    Expense,
    Matter,
    MatterPayor,
    Rate,
    Site,
    SiteAccount,
    TimeEntry,
    Timekeeper,
    User,
)
from models.base import metadata
from models.enums import EntryStatus, MatterStatus, Role
from sandbox.firm.__main__ import main
from sandbox.firm.people import SPECIALIST
from sandbox.firm.seed import LAW_FIRM_ID, seed_firm
from sandbox.firm.sites import carrier_facts
from sandbox.firm.world import World

TODAY = date(2026, 11, 22)
INVOICES = 60
HEAVY = 12
RANDOM_BYTES = {"account_secret"}
KINDS = {
    "below_grade", "block_billing", "clerical_work", "duplicate_line", "expense_unit_cost", "in_firm_conference",
    "max_hours_per_day", "max_hours_per_entry", "multiple_attendance", "non_billable_expense", "rate_cap",
    "research_limit", "same_time", "travel_time", "vague_narrative",
}  # fmt: skip


@pytest.fixture(scope="module")
def key_ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing.load_or_create(tmp_path_factory.mktemp("keys") / "ring.json")


@pytest.fixture(scope="module")
def seeded(key_ring: KeyRing, tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, World]:
    return _seed(tmp_path_factory.mktemp("firm") / "firm.db", key_ring)


@pytest.fixture
def world(seeded: tuple[Database, World]) -> World:
    return seeded[1]


@pytest.fixture
def firm(seeded: tuple[Database, World]) -> Any:
    with seeded[0].read_only() as session:
        yield session


def _seed(path: Path, key_ring: KeyRing, seed: int = 7, today: date = TODAY) -> tuple[Database, World]:
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database)
    world = seed_firm(database, key_ring=key_ring, seed=seed, today=today, origin_port=8800, invoices=INVOICES)
    return database, world


def _rows(database: Database) -> dict[str, Any]:
    with database.engine.connect() as connection:
        return {
            name: connection.execute(table.select()).all()
            for name, table in metadata.tables.items()
            if name not in RANDOM_BYTES
        }


def _billable(session: Session) -> list[TimeEntry]:
    """Return the entries of the matters that bill."""
    return list(session.exec(select(TimeEntry).where(TimeEntry.matter_id <= INVOICES)))


def test_same_seed_gives_the_same_firm(seeded: tuple[Database, World], key_ring: KeyRing, tmp_path: Path) -> None:
    again, world = _seed(tmp_path / "again.db", key_ring)
    assert _rows(again) == _rows(seeded[0])
    assert world == seeded[1]
    again.dispose()


def test_another_seed_gives_another_firm(seeded: tuple[Database, World], key_ring: KeyRing, tmp_path: Path) -> None:
    other, _ = _seed(tmp_path / "other.db", key_ring, seed=8)
    assert _rows(other)["time_entry"] != _rows(seeded[0])["time_entry"]
    other.dispose()


def test_seeding_twice_is_refused_and_writes_nothing(seeded: tuple[Database, World], key_ring: KeyRing) -> None:
    before = _rows(seeded[0])
    with pytest.raises(WrongStateError, match="Nothing was written"):
        seed_firm(seeded[0], key_ring=key_ring, seed=9, today=TODAY, origin_port=1, invoices=1)
    assert _rows(seeded[0]) == before


def test_period_is_the_month_before_today(key_ring: KeyRing, tmp_path: Path) -> None:
    database, world = _seed(tmp_path / "january.db", key_ring, today=date(2027, 1, 3))
    assert (world.period.start, world.period.end) == (date(2026, 12, 1), date(2026, 12, 31))
    database.dispose()


def test_users_are_150_with_the_three_of_the_demo(firm: Session) -> None:
    users = firm.exec(select(User)).all()
    assert Counter(role for user in users for role in user.roles) == {"attorney": 110, "biller": 35, "admin": 5}
    named = {user.email: user.roles for user in users if user.name in {"Dana Brooks", "Ana Reyes", "Omar Whitfield"}}
    assert named == {
        "dana.brooks@hwr.example": [Role.BILLER],
        "ana.reyes@hwr.example": [Role.ATTORNEY],
        "omar.whitfield@hwr.example": [Role.ADMIN],
    }


def test_attorneys_are_timekeepers_of_their_own_name(firm: Session) -> None:
    pairs = firm.exec(select(User, Timekeeper).where(User.timekeeper_id == Timekeeper.id)).all()
    assert len(pairs) == 110
    assert all(user.name == f"{keeper.first_name} {keeper.last_name}" for user, keeper in pairs)


def test_ana_reyes_answers_for_a_dozen_matters_of_several_carriers(firm: Session) -> None:
    ana = firm.exec(select(User).where(User.name == "Ana Reyes")).one()
    statement = (
        select(MatterPayor.carrier_id)
        .join(Matter, col(Matter.id) == MatterPayor.matter_id)
        .where(Matter.responsible_attorney_id == ana.id, Matter.number != "")
    )
    carriers = firm.exec(statement).all()
    assert len(carriers) >= 12
    assert len(set(carriers)) >= 3


def test_every_billing_matter_has_about_forty_lines(firm: Session, world: World) -> None:
    fees = Counter(entry.matter_id for entry in _billable(firm))
    costs = Counter(firm.exec(select(Expense.matter_id)).all())
    assert set(fees) == set(costs) == set(range(1, INVOICES + 1))
    assert all(30 <= fees[matter] + costs[matter] <= 55 for matter in fees)
    assert world.lines == fees.total() + costs.total()
    assert 38 <= world.lines / INVOICES <= 42


def test_matters_spread_unevenly_over_all_carriers(firm: Session) -> None:
    spread = Counter(firm.exec(select(MatterPayor.carrier_id).where(MatterPayor.matter_id <= INVOICES)).all())
    assert set(spread) == set(range(1, len(carrier_facts()) + 1))
    assert max(spread.values()) >= 3 * min(spread.values())


def test_carriers_share_an_account_on_two_sites(firm: Session) -> None:
    slugs = defaultdict(list)
    for carrier, site in firm.exec(
        select(Carrier, Site)
        .join(SiteAccount, col(SiteAccount.id) == Carrier.site_account_id)
        .join(Site, col(Site.id) == SiteAccount.site_id)
    ):
        slugs[site.slug].append(carrier.slug)
    shared = {site: carriers for site, carriers in slugs.items() if len(carriers) > 1}
    assert shared == {
        "clearpath": ["summit-national", "prairie-states"],
        "unison": ["cedar-valley", "bluewater-marine", "tri-county-farm"],
    }


def test_every_carrier_has_one_active_profile(firm: Session) -> None:
    active = firm.exec(select(CarrierProfileVersion).where(CarrierProfileVersion.is_active)).all()
    assert sorted(version.carrier_id for version in active) == list(range(1, len(carrier_facts()) + 1))


def test_secrets_open_with_the_ring_and_match_the_sites(firm: Session, world: World, key_ring: KeyRing) -> None:
    opened: dict[int, dict[str, str]] = defaultdict(dict)
    for row in firm.exec(select(AccountSecret)):
        context = f"account={row.site_account_id};field={row.field};v={row.version}"
        sealed = SealedSecret(row.key_id, row.wrapped_key, row.ciphertext)
        opened[row.site_account_id][row.field] = key_ring.open(sealed, context).reveal()
    told = [{name: value for name, value in site["accounts"][0].items() if value} for site in world.document["sites"]]
    assert [opened[account_id] for account_id in sorted(opened)] == told
    assert ["totp" in account for account in told] == [site["platform"] == 5 for site in world.document["sites"]]


def test_codes_of_billing_lines_are_utbms(firm: Session) -> None:
    assert all(is_task(entry.task_code) and is_activity(entry.activity_code) for entry in _billable(firm))
    assert all(is_expense(code) for code in firm.exec(select(Expense.expense_code)))


def test_narratives_are_hundreds_and_each_can_become_ascii(firm: Session) -> None:
    narratives = set(firm.exec(select(TimeEntry.entered_narrative))) | set(firm.exec(select(Expense.narrative)))
    assert len(narratives) > 1000
    odd = [text for text in narratives if not is_clean(text)]
    assert len(odd) >= 2
    assert all(is_clean(transliterate(text)[0]) for text in narratives)
    assert max(map(len, narratives)) < 300


def test_hours_are_tenths_and_never_above_what_was_worked(firm: Session) -> None:
    entries = _billable(firm)
    assert all(entry.entered_hours % Decimal("0.1") == 0 < entry.entered_hours for entry in entries)
    assert all(entry.worked_hours >= entry.entered_hours for entry in entries)
    assert any(entry.worked_hours > entry.entered_hours for entry in entries)


def test_work_lies_on_working_days_of_the_period(firm: Session, world: World) -> None:
    days = set(firm.exec(select(col(TimeEntry.worked_on)))) | set(firm.exec(select(col(Expense.incurred_on))))
    assert days <= set(world.period.working_days)


def test_identifiers_fit_ledes(firm: Session) -> None:
    numbers, claims = firm.exec(select(Matter.number)).all(), firm.exec(select(MatterPayor.claim_number)).all()
    assert len(set(claims)) == len(claims)
    assert all(len(text) <= 20 and is_clean(text) for text in [*numbers, *claims])
    assert any(number.startswith("00") for number in numbers)


def test_only_planted_lines_break_the_carriers_rules(firm: Session, world: World) -> None:
    breaches = _breaches(firm, world)
    assert set(breaches) == {"vague", "overhead", "entry", "day"}
    broken = {matter for matters in breaches.values() for matter in matters}
    assert broken <= {index + 1 for index in range(INVOICES) if index % 5 == 1 or index == 11}


def test_truth_names_what_breaks_the_hours_and_the_overhead_of_a_carrier(firm: Session, world: World) -> None:
    rules = {index: carrier["rules"] for index, carrier in enumerate(world.document["carriers"], 1)}
    payor = dict(firm.exec(select(MatterPayor.matter_id, MatterPayor.carrier_id)).all())
    long = {
        f"time:{entry.id}"
        for entry in firm.exec(select(TimeEntry))
        if entry.entered_hours > rules[payor[entry.matter_id]]["max_hours_per_entry"]
    }
    overhead = {
        f"expense:{expense.id}"
        for expense in firm.exec(select(Expense))
        if expense.expense_code in rules[payor[expense.matter_id]]["non_billable_expenses"]
    }
    assert _planted(world, "max_hours_per_entry") == long != set()
    assert _planted(world, "non_billable_expense") == overhead != set()


def test_truth_holds_the_second_of_two_like_lines(firm: Session, world: World) -> None:
    marked = sorted(_planted(world, "duplicate_line"))
    for entry in marked:
        second = firm.get_one(TimeEntry, int(entry.removeprefix("time:")))
        first = firm.get_one(TimeEntry, second.id - 1)
        assert _what_was_written(first) == _what_was_written(second)
    assert marked


def _what_was_written(entry: TimeEntry) -> tuple[object, ...]:
    return entry.matter_id, entry.timekeeper_id, entry.worked_on, entry.entered_hours, entry.entered_narrative


def test_truth_names_lines_of_matters_with_planted_families_only(firm: Session, world: World) -> None:
    matters = {number: identity for identity, number in firm.exec(select(Matter.id, Matter.number))}
    chosen = {index + 1 for index in range(INVOICES) if index % 5 == 1}
    beside = {index - 1 for index in chosen} | {HEAVY}
    assert {matters[row["matter"]] for row in world.planted} <= chosen | beside
    assert {kind for row in world.planted for kind in row["kinds"]} == KINDS


def test_nobody_writes_one_text_twice_on_a_day_but_where_it_was_planted(firm: Session, world: World) -> None:
    said = defaultdict(list)
    for entry in _billable(firm):
        said[entry.timekeeper_id, entry.worked_on, entry.entered_narrative].append(f"time:{entry.id}")
    twice = {tuple(entries) for entries in said.values() if len(entries) > 1}
    assert twice
    assert {entries[-1] for entries in twice} <= _planted(world, "same_time") | _planted(world, "duplicate_line")


def _planted(world: World, kind: str) -> set[str]:
    return {row["entry"] for row in world.planted if kind in row["kinds"]}


def test_every_timekeeper_at_work_is_approved_and_a_handful_for_less(firm: Session, world: World) -> None:
    approved = {(row["carrier"], row["id"]): Decimal(row["rate"]) for row in world.document["timekeepers"]}
    billed = _billed_rates(firm)
    assert set(billed) <= set(approved)
    alone = set(firm.exec(select(Timekeeper.code).where(Timekeeper.classification == SPECIALIST)))
    lower = [pair for pair, rate in billed.items() if approved[pair] < rate]
    assert 1 <= len([pair for pair in lower if pair[1] not in alone]) <= 5
    assert {pair for pair in billed if pair[1] in alone} <= set(lower)
    assert all(approved[pair] == rate for pair, rate in billed.items() if pair not in lower)


def test_unbillable_work_has_one_reason_each(firm: Session, world: World) -> None:
    closed, unrated, uncoded, draft, unpaid = firm.exec(
        select(TimeEntry).where(TimeEntry.matter_id > INVOICES).order_by(col(TimeEntry.matter_id))
    ).all()
    assert firm.get_one(Matter, closed.matter_id).status is MatterStatus.CLOSED
    grade = firm.get_one(Timekeeper, unrated.timekeeper_id).classification
    assert firm.exec(select(func.count()).select_from(Rate).where(Rate.classification == grade)).one() == 0
    assert (uncoded.task_code, uncoded.activity_code) == ("", "")
    assert draft.status is EntryStatus.DRAFT
    share = firm.exec(select(MatterPayor).where(MatterPayor.matter_id == unpaid.matter_id)).one()
    assert share.effective_to is not None
    assert share.effective_to < world.period.start


def test_world_names_the_closed_matter_as_closed(world: World) -> None:
    closed = [matter for matter in world.document["matters"] if not matter["open"]]
    assert len(closed) == 1
    assert world.document["law_firm_id"] == LAW_FIRM_ID == Settings().law_firm_id


def test_rates_have_a_card_of_last_year_that_ends_before_this_one(firm: Session) -> None:
    cards = firm.exec(select(Rate)).all()
    assert {card.effective_from for card in cards} == {date(2025, 1, 1), date(2026, 1, 1)}
    assert all((card.effective_to is None) == (card.effective_from.year == 2026) for card in cards)


def test_command_migrates_seeds_and_writes_the_world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--database-url", f"sqlite:///{tmp_path / 'cli.db'}", "--world", str(tmp_path / "w" / "world.json")]
    arguments += ["--invoices", "8", "--today", "2026-11-22", "--key-ring", str(tmp_path / "ring.json")]
    assert main(arguments) == 0
    assert "October 2026: 8 invoices" in capsys.readouterr().out
    written = tmp_path / "w" / "world.json"
    planted = json.loads(written.with_name("planted.json").read_text())
    assert {row["carrier"] for row in planted} <= {row["slug"] for row in json.loads(written.read_text())["carriers"]}
    assert len(json.loads(written.read_text())["matters"]) == 13
    assert written.stat().st_mode & 0o077 == 0
    assert main(arguments) == 1
    assert "already" in capsys.readouterr().err


@pytest.mark.slow
def test_seed_a_large_firm_whole(key_ring: KeyRing, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'large.db'}")
    migrations.upgrade(database)
    world = seed_firm(database, key_ring=key_ring, seed=1, today=TODAY, origin_port=8800, invoices=600)
    assert world.lines > 22_800
    database.dispose()


@pytest.mark.mariadb
def test_mariadb_holds_the_same_firm(mariadb_url: str, seeded: tuple[Database, World], key_ring: KeyRing) -> None:
    database = Database(mariadb_url)
    migrations.upgrade(database)
    world = seed_firm(database, key_ring=key_ring, seed=7, today=TODAY, origin_port=8800, invoices=INVOICES)
    assert world == seeded[1]
    assert _rows(database)["time_entry"] == _rows(seeded[0])["time_entry"]
    database.dispose()


def _breaches(session: Session, world: World) -> dict[str, set[int]]:
    """Return the matters that break a carrier's rules, by rule; counted here without the seed's own code."""
    rules = {index: carrier["rules"] for index, carrier in enumerate(world.document["carriers"], 1)}
    payor = dict(session.exec(select(MatterPayor.matter_id, MatterPayor.carrier_id)).all())
    found: dict[str, set[int]] = defaultdict(set)
    days: dict[tuple[int, int, date], Decimal] = defaultdict(Decimal)
    for entry in _billable(session):
        rule, day = rules[payor[entry.matter_id]], (entry.matter_id, entry.timekeeper_id, entry.worked_on)
        days[day] += entry.entered_hours
        if any(phrase in entry.entered_narrative.lower() for phrase in rule["vague_phrases"]):
            found["vague"].add(entry.matter_id)
        if entry.entered_hours > rule["max_hours_per_entry"]:
            found["entry"].add(entry.matter_id)
        if days[day] > rule["max_hours_per_day"]:
            found["day"].add(entry.matter_id)
    for expense in session.exec(select(Expense)):
        if expense.expense_code in rules[payor[expense.matter_id]]["non_billable_expenses"]:
            found["overhead"].add(expense.matter_id)
    return found


def _billed_rates(session: Session) -> dict[tuple[str, str], Decimal]:
    """Return the rate of every carrier and timekeeper at work, looked up from the cards by the documented order."""
    cards = {
        (card.carrier_id, card.timekeeper_id or card.classification): card.hourly_amount
        for card in session.exec(select(Rate).where(Rate.effective_from == date(2026, 1, 1)))
    }
    payor = dict(session.exec(select(MatterPayor.matter_id, MatterPayor.carrier_id)).all())
    carriers = {carrier.id: carrier.slug for carrier in session.exec(select(Carrier))}
    keepers = {keeper.id: keeper for keeper in session.exec(select(Timekeeper))}
    rates = {}
    for entry in _billable(session):
        carrier_id, keeper = payor[entry.matter_id], keepers[entry.timekeeper_id]
        own = cards.get((carrier_id, keeper.id))
        graded = own or cards.get((carrier_id, keeper.classification))
        rates[carriers[carrier_id], keeper.code] = graded or cards[None, keeper.classification]
    return rates
