"""Codes, people and rates of a draft: pasted as tables, faults named by line and column, in force on activation."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from carriers.profile import load_profile
from carriers.seeds import seed_profiles
from core.errors import DeniedError, InvalidInputError
from models import AuditEvent, Rate, Timekeeper
from models.enums import Role
from services.billing.rates import RatedHour, load_rates
from services.sites.pasted_tables import pasted_rows
from services.sites.profile_codes import (
    CodeLists,
    code_lists,
    people_text,
    rates_in_force,
    with_code_lists,
    with_people,
)
from services.sites.profile_versions import activate_profile, compare_with_draft, list_profile_versions, save_profile
from tests.builders import actor, actor_for, id_of, make_carrier, make_rate, make_timekeeper, make_user

EMPTY = {"task": "", "activity": "", "expense": "", "own": ""}


def seeded() -> dict[str, Any]:
    return seed_profiles()["harbor-mutual"].model_dump(mode="json")


def test_codes_stand_in_the_draft_as_typed_and_make_a_whole_profile():
    own = 'Code,Kind,Label,From,To,In place of\nX100,task,"Claim, set-up",2026-01-01,,\nL120,task,Analysis,,12/31/2026,'
    draft = with_code_lists(seeded(), {**EMPTY, "task": "l120, L110\nx100", "expense": "none", "own": own})
    codes = load_profile(draft).codes
    assert (codes.task, codes.activity, codes.expense) == (frozenset({"L110", "L120", "X100"}), None, frozenset())
    assert [(one.code, one.label, one.effective_to) for one in codes.extra] == [
        ("X100", "Claim, set-up", None), ("L120", "Analysis", date(2026, 12, 31)),
    ]  # fmt: skip
    shown = code_lists(draft)
    assert (shown.task, shown.activity, shown.expense) == ("L110 L120 X100", "", "none")
    again = with_code_lists(seeded(), {"task": shown.task, "activity": "", "expense": "none", "own": shown.own})
    assert again["codes"] == draft["codes"]


def test_empty_codes_are_the_whole_lists():
    assert code_lists(with_code_lists(seeded(), EMPTY)) == CodeLists()
    assert load_profile(with_code_lists(seeded(), EMPTY)).codes.task is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"task": "L120 A101"}, "Task codes: A101 is no standard code of this kind"),
        ({"activity": "A999"}, "Activity codes: A999 is no standard code"),
        ({"own": "X1\ttask"}, "Line 1, Label: is missing"),
        ({"own": "X1\tlunch\tLunch"}, "Line 1, Kind: “lunch” is none of task, activity, expense"),
        ({"own": "\nX1,task,One\nX2,task,Two,soon"}, "Line 3, From: “soon” is no date"),
        ({"own": "X 1,task,One"}, "Line 1, Code: letters, digits, dots and dashes only"),
        ({"own": "X1,task,One,2026-02-01,2026-01-01"}, "code X1 ends before it begins"),
        ({"own": "X1,task,One,,,,extra"}, "Line 1: it has 7 columns"),
    ],
)
def test_codes_that_are_not_understood_are_named(changes: dict[str, str], said: str):
    with pytest.raises(InvalidInputError) as refused:
        with_code_lists(seeded(), {**EMPTY, **changes})
    assert said in refused.value.user_message
    assert "othing was changed" in refused.value.user_message


@pytest.mark.parametrize(
    "text",
    [
        "TK1\t285.00\t2026-01-01",
        "TK1,$285.00,1/1/2026",
        "Rate;Timekeeper;From\n285;TK1;2026-01-01",
        'timekeeper,rate,from\n"TK1","285.00","2026-01-01"',
    ],
)
def test_a_table_is_read_as_spreadsheets_and_csv_write_it(text: str):
    titles = {"timekeeper": "Timekeeper", "rate": "Rate", "effective_from": "From"}
    [row] = pasted_rows(text, titles)
    assert (row.text("timekeeper"), row.dollars("rate"), row.day("effective_from")) == (
        "TK1", Decimal(285), date(2026, 1, 1),
    )  # fmt: skip


def people(session: Session, text: str) -> dict[str, Any]:
    return with_people(session, actor(Role.ADMIN), document=seeded(), text=text)


def test_people_are_in_force_with_the_version_and_leave_other_rates_alone(session: Session):
    carrier, other = make_carrier(session), make_carrier(session)
    one, two = make_timekeeper(session), make_timekeeper(session)
    make_rate(session, Decimal(200), carrier=carrier, timekeeper=one)
    make_rate(session, Decimal(90), carrier=carrier, classification="PL")
    make_rate(session, Decimal("210.125"), carrier=other, timekeeper=one)
    admin = actor_for(make_user(session, Role.ADMIN))
    assert rates_in_force(session, admin, carrier_id=id_of(carrier)).split("\t")[:3] == [
        one.code,
        "200.00",
        "2026-01-01",
    ]

    draft = people(
        session,
        f"{one.code},$285.00,2026-01-01,2026-06-30\n{one.code},295,7/1/2026,,2026-05-15\n{two.code},190,2026-01-01",
    )
    [active] = list_profile_versions(session, admin, carrier_id=id_of(carrier))
    said = compare_with_draft(session, admin, carrier_id=id_of(carrier), number=active.number, document=draft)
    assert f"rate of '{two.code}' was added" in [one.text for one in said if one.part == "People and rates"]
    number = save_profile(
        session, admin, carrier_id=id_of(carrier), expected_newest=1, document=draft, note="Rates of 2026"
    )
    assert session.scalars(
        select(col(Rate.hourly_amount)).where(col(Rate.carrier_id) == carrier.id).order_by(col(Rate.hourly_amount))
    ).all() == [Decimal(90), Decimal(200)]
    activate_profile(session, admin, carrier_id=id_of(carrier), number=number, expected_active=1, note="Agreed")

    card = load_rates(session, [id_of(carrier), id_of(other)])
    in_may, in_july = (RatedHour(id_of(carrier), id_of(one), "PT", date(2026, month, 10)) for month in (5, 7))
    assert (card.approved(in_may), card.approved(in_july)) == (Decimal(285), Decimal(295))
    assert card.approval(in_july).notified_on == date(2026, 5, 15)
    assert card.approved(RatedHour(id_of(other), id_of(one), "PT", date(2026, 7, 10))) == Decimal("210.125")
    assert rates_in_force(session, admin, carrier_id=id_of(other)).split("\t")[1] == "210.125"
    assert session.scalars(select(col(Rate.hourly_amount)).where(col(Rate.classification) == "PL")).all() == [
        Decimal(90)
    ]
    event = session.scalars(select(AuditEvent).where(col(AuditEvent.tag) == "carrier:rates_in_force")).one()
    assert (event.data["before"], event.data["after"]) == (1, 3)
    assert len(people_text(draft).splitlines()) == 3


def test_a_version_that_names_nobody_leaves_the_rates(session: Session):
    carrier, one = make_carrier(session), make_timekeeper(session)
    make_rate(session, Decimal(200), carrier=carrier, timekeeper=one)
    admin = actor_for(make_user(session, Role.ADMIN))
    number = save_profile(session, admin, carrier_id=id_of(carrier), expected_newest=1, document=seeded(), note="Steps")
    activate_profile(session, admin, carrier_id=id_of(carrier), number=number, expected_active=1, note="Steps")
    assert session.scalars(select(col(Rate.hourly_amount)).where(col(Rate.carrier_id) == carrier.id)).all() == [
        Decimal(200)
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nobody,285,2026-01-01", "Line 1, Timekeeper: the firm has no timekeeper “nobody”"),
        ("{code},cheap,2026-01-01", "Line 1, Rate: “cheap” is no amount"),
        ("{code},285.00555,2026-01-01", "Line 1, Rate: “285.00555” is no rate in dollars, with four decimals at most"),
        ("{code},0,2026-01-01", "Line 1, Rate: “0” is no rate in dollars"),
        ("{code},285", "Line 1, From: is missing"),
        ("{code},285,2026-02-30", "Line 1, From: “2026-02-30” is no date"),
        ("{code},285,2026-02-01,2026-01-01", "Line 1, To: {code} ends on 2026-01-01, before it begins"),
        ("{code},285,2026-01-01\n{code},290,2026-01-01", "Line 2, From: line 1 begins on the same day for {code}"),
    ],
)
def test_people_that_are_not_understood_are_named(session: Session, text: str, said: str):
    code = make_timekeeper(session).code
    with pytest.raises(InvalidInputError) as refused:
        people(session, text.replace("{code}", code))
    assert said.replace("{code}", code) in refused.value.user_message


def test_a_person_who_left_the_list_of_the_firm_keeps_the_version_from_coming_into_force(session: Session):
    carrier, one = make_carrier(session), make_timekeeper(session)
    admin = actor_for(make_user(session, Role.ADMIN))
    draft, code = people(session, f"{one.code},285,2026-01-01"), one.code
    number = save_profile(session, admin, carrier_id=id_of(carrier), expected_newest=1, document=draft, note="Rates")
    session.get_one(Timekeeper, one.id).code = "GONE"
    session.flush()
    with pytest.raises(InvalidInputError, match=f"no timekeeper {code}"):
        activate_profile(session, admin, carrier_id=id_of(carrier), number=number, expected_active=1, note="Agreed")


def test_people_are_the_administrators(session: Session):
    with pytest.raises(DeniedError):
        with_people(session, actor(Role.BILLER), document={}, text="")
