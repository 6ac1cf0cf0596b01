"""The page of a carrier's rules: edited as a draft, tried on the month, saved as a version, kept when it is refused."""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from core.db import Database
from core.errors import DeniedError, InvalidInputError
from models import GuidelineException
from models.enums import Role
from services.actor import Actor
from services.rules.guideline_exceptions import list_exceptions
from services.rules.guideline_versions import list_guidelines, save_guidelines
from state.rules.guideline_form import RuleForm
from state.rules.guideline_history import GuidelineHistory
from state.rules.guideline_permissions import GuidelinePermissions
from state.rules.guideline_rows import RuleCard
from state.rules.guideline_saving import GuidelineSaving
from state.rules.guideline_work import DESK, try_drafts
from state.rules.guidelines import GuidelineEditor
from tests.acting import acting_as, call, fresh_state
from tests.builders import PERIOD_START, actor, id_of, make_carrier, make_user, profile_document
from tests.services.rules.test_guideline_trials import make_month

DAY = {"kind": "max_hours_per_day", "action": "reduce", "hours": "8"}
CAP = {"kind": "rate_cap", "action": "reduce"}
TOTAL = {"kind": "expense_total", "action": "warn", "caps": {"E110": "500"}}
EIGHT = "One person bills at most 8 hours a day, over all matters and bills."


@dataclass(frozen=True)
class Desk:
    """A carrier whose October is billed, and who works on its rules."""

    database: Database
    carrier_id: int
    admin_id: int

    @property
    def address(self) -> str:
        """The page's."""
        return f"/carriers/{self.carrier_id}/guidelines"

    def admin(self) -> AbstractContextManager[Actor]:
        """Be the administrator for a block."""
        return acting_as(Role.ADMIN, user_id=self.admin_id)

    def numbers(self) -> list[int]:
        """Return the numbers of the stored versions, the newest first."""
        with self.database.read_only() as session:
            return [one.number for one in list_guidelines(session, actor(Role.ADMIN), carrier_id=self.carrier_id)]

    def save(self, *rules: dict[str, Any], expected: int = 1) -> None:
        """Save another list, as somebody else would."""
        with self.database.unit_of_work() as session:
            who = actor(Role.ADMIN, user_id=self.admin_id)
            facts = {"carrier_id": self.carrier_id, "expected_number": expected}
            save_guidelines(session, who, rules=list(rules), note="Call with the carrier", **facts)


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.unit_of_work() as session:
        carrier = make_month(session, matters=2, rules=[DAY, CAP, TOTAL])
        made = Desk(database, id_of(carrier), id_of(make_user(session, Role.ADMIN, name="Omar Whitfield")))
    DESK.forget(made.carrier_id)
    return made


@pytest.fixture
async def page(desk: Desk) -> GuidelineEditor:
    with desk.admin():
        return await opened(desk)


async def opened(desk: Desk, query: str = "") -> GuidelineEditor:
    page = fresh_state(GuidelineEditor, desk.address + query)
    await call(page, "load")
    return page


async def beside(page: GuidelineEditor, kind: type[Any]) -> Any:
    """Return another state of the same tab."""
    return await page.get_state(kind)


async def edit(page: GuidelineEditor, at: int, handler: str, *values: Any) -> None:
    """Open the rule at a place and change it by its form."""
    await call(page, "open_rule", page.cards[at].key)
    await call(await beside(page, RuleForm), handler, page.panel.key, *values)


async def try_out(page: GuidelineEditor) -> None:
    """Try the list, as the background event does."""
    month = page._month
    assert month is not None
    assert page._version is not None
    found = try_drafts(page._carrier_id, month, page._drafts, page._version.rules)
    await page._show_trials(page._drafts, found)


def card(page: GuidelineEditor, at: int) -> RuleCard:
    return page.cards[at]


async def test_show_rules_in_sentences(desk: Desk, page: GuidelineEditor):
    assert [one.title for one in page.cards] == [
        "Hours in a day",
        "Rate over the approved rate",
        "Total of an expense",
    ]
    assert (card(page, 0).sentence, card(page, 0).action, card(page, 0).change) == (EIGHT, "reduce", "")
    assert page.in_force.startswith("Version 1, since ")
    assert (page.changes_text, page.may_edit, page.can_undo) == ("", True, False)
    assert [one.value for one in page.months] == [PERIOD_START.isoformat()]


async def test_see_what_a_rule_would_have_done_while_it_is_typed(desk: Desk, page: GuidelineEditor):
    with desk.admin():
        await try_out(page)
        assert card(page, 0).did == "Would have cut 2 lines, $855.00"
        assert page.tried_text.startswith("2 proformas, 6 lines, read ")
        await edit(page, 0, "type_text", "hours", "6")
        assert (card(page, 0).state, card(page, 0).change) == ("trying", "Changed")
        await try_out(page)
    assert card(page, 0).did == "Would have cut 2 lines, $1,995.00"
    assert card(page, 0).comparison == "$1,140.00 more than today"
    assert page.changes[0].sentences == ["Most hours a day: 6 hours, was 8 hours."]
    assert page.changes_text == "1 changed"
    assert [one.href.split("/")[1] for one in page.examples] == ["proforma", "proforma"]
    assert desk.numbers() == [1]


async def test_keep_wrong_values_beside_their_field(desk: Desk, page: GuidelineEditor):
    with desk.admin():
        await edit(page, 0, "type_text", "hours", "twelve")
        await try_out(page)
        saving = await beside(page, GuidelineSaving)
        await call(saving, "save", {"note": "Typing"})
    field = next(one for one in page.fields if one.name == "hours")
    assert (field.text, field.problem) == ("twelve", "Give a number, as in 1.5.")
    assert (card(page, 0).state, card(page, 0).did) == ("wrong", "")
    assert page.changes_text == "1 to correct"
    assert saving.problem.startswith("Correct rule 1 first")
    assert desk.numbers() == [1]


async def test_add_duplicate_move_remove_and_undo(desk: Desk, page: GuidelineEditor):
    with desk.admin():
        await call(page, "add", "missing_code")
        await call(page, "duplicate", page.cards[0].key)
        await call(page, "move", page.panel.key, 1)
        await call(page, "remove", page.cards[0].key)
        assert [one.name for one in page.cards] == [
            "rate_cap",
            "max_hours_per_day-2",
            "expense_total",
            "missing_code",
        ]
        assert page.changes_text == "2 new, 1 taken out"
        for _ in range(4):
            await call(page, "undo")
        assert [one.name for one in page.cards] == ["max_hours_per_day", "rate_cap", "expense_total"]
        assert (page.changes_text, page.can_undo) == ("", False)
        assert await call(page, "undo") is None


async def test_edit_a_table_of_amounts(desk: Desk, page: GuidelineEditor):
    with desk.admin():
        await edit(page, 2, "add_pair", "caps")
        form = await beside(page, RuleForm)
        assert card(page, 2).problem == "Give each amount its code, or take the row out."
        await call(form, "type_pair", page.panel.key, "caps", "1", "key", "e112")
        await call(form, "type_pair", page.panel.key, "caps", "1", "amount", "$75.50")
        assert card(page, 2).sentence == "On one bill an expense comes to at most E110 $500.00, E112 $75.50."
        await call(form, "remove_pair", page.panel.key, "caps", "0")
        assert card(page, 2).sentence == "On one bill an expense comes to at most E112 $75.50."
        await call(form, "type_pair", page.panel.key, "caps", "9", "key", "E1")
        assert card(page, 2).sentence == "On one bill an expense comes to at most E112 $75.50."


async def test_choose_and_switch(desk: Desk, page: GuidelineEditor):
    with desk.admin():
        await call(page, "add", "below_grade")
        form = await beside(page, RuleForm)
        await call(form, "choose", page.panel.key, "grades", "counsel", False)
        await call(page, "add", "same_time")
        await call(form, "switch", page.panel.key, "same_text", False)
    assert card(page, 3).sentence.startswith("Of partner the carrier")
    assert card(page, 4).sentence == "Nobody bills the same minutes twice."


async def test_save_a_new_version(desk: Desk, page: GuidelineEditor):
    with desk.admin():
        await edit(page, 0, "type_text", "hours", "10")
        saving = await beside(page, GuidelineSaving)
        await call(saving, "ask")
        await call(saving, "save", {"note": " "})
        assert "Say in a note" in saving.problem
        assert desk.numbers() == [1]
        await call(saving, "save", {"note": "Letter of 2 November"})
    assert desk.numbers() == [2, 1]
    assert (saving.is_open, page.changes_text, page.in_force_note) == (False, "", "Letter of 2 November")
    assert page.done.startswith("Version 2 is in force.")
    assert page.panel.number == "1"
    assert page.in_force.endswith("by Omar Whitfield")


async def test_keep_the_list_when_somebody_was_faster(desk: Desk, page: GuidelineEditor):
    desk.save(DAY, TOTAL)
    with desk.admin():
        await edit(page, 0, "type_text", "hours", "10")
        saving = await beside(page, GuidelineSaving)
        await call(saving, "ask")
        await call(saving, "save", {"note": "Letter of 2 November"})
        assert desk.numbers() == [2, 1]
        assert "Nothing was saved and your list is still here. Version 2 changed" in saving.problem
        assert [(one.kind, one.title) for one in saving.theirs] == [("Taken out", "Rate over the approved rate")]
        assert (saving.is_open, saving.note) == (True, "Letter of 2 November")
        assert "10 hours" in card(page, 0).sentence
        assert page.changes_text == "1 changed, 1 new"
        await call(saving, "save", {"note": saving.note})
    assert desk.numbers() == [3, 2, 1]


async def test_tell_of_a_newer_version_and_follow_it_untouched(desk: Desk, page: GuidelineEditor):
    with desk.admin():
        untouched = await opened(desk)
        await edit(page, 0, "type_text", "hours", "10")
        desk.save(DAY)
        await page._look_for_newer()
        await untouched._look_for_newer()
        assert "Version 2 came into force by Omar Whitfield while you were editing" in page.newer
        assert (len(page.cards), len(untouched.cards), untouched.newer) == (3, 1, "")
        await call(page, "drop")
    assert (len(page.cards), page.newer, page.can_undo) == (1, "", True)


async def test_keep_changes_through_a_look_elsewhere(desk: Desk, page: GuidelineEditor):
    with desk.database.unit_of_work() as session:
        other = id_of(make_carrier(session, name="Harbor Mutual", profile=profile_document(guidelines=[CAP])))
    with desk.admin():
        await edit(page, 0, "type_text", "hours", "10")
        await go(page, f"/carriers/{other}/guidelines")
        assert (page.carrier_name, page.changes_text, len(page.cards)) == ("Harbor Mutual", "", 1)
        await go(page, f"{desk.address}?rule=rate_cap")
    assert (page.changes_text, page.panel.title) == ("1 changed", "Rate over the approved rate")
    assert "10 hours" in card(page, 0).sentence


async def go(page: GuidelineEditor, address: str) -> None:
    root = page._get_root_state()
    root.router_data = {"asPath": address, "pathname": address.partition("?")[0]}
    root._update_router_vars(root.router_data, {})
    await call(page, "load")


@pytest.mark.parametrize(
    "address", ["/carriers/999999/guidelines", "/carriers/x/guidelines", "/carriers/1%20or/guidelines"]
)
async def test_say_that_there_is_no_such_carrier(desk: Desk, address: str):
    with desk.admin():
        page = fresh_state(GuidelineEditor, address)
        await call(page, "load")
    assert page.failure
    assert (page.cards, page.is_loading, page.carrier_name) == ([], False, "")


async def test_export_and_import(desk: Desk, page: GuidelineEditor):
    with desk.admin():
        saving = await beside(page, GuidelineSaving)
        assert await call(saving, "export") is not None
        text = json.dumps({"guidelines": [CAP]})
        await call(saving, "ask_import", True)
        await call(saving, "import_list", {"list": "{"})
        assert (saving.is_importing, len(page.cards)) == (True, 3)
        assert "no JSON file" in saving.import_problem
        await call(saving, "import_list", {"list": '[{"kind": "rate_cap", "action": "warn", "evil": 1}]'})
        assert saving.import_problem.startswith("Nothing was taken. Correct rule 1, evil")
        await call(saving, "import_list", {"list": text})
        assert (saving.is_importing, len(page.cards), page.changes_text) == (False, 1, "2 taken out")
        assert desk.numbers() == [1]
        await call(page, "undo")
    assert len(page.cards) == 3


async def test_compare_versions_and_take_one_back(desk: Desk, page: GuidelineEditor):
    desk.save(DAY)
    with desk.admin():
        page = await opened(desk)
        history = await beside(page, GuidelineHistory)
        await call(history, "show", True)
        assert [(one.number, one.author, one.is_active) for one in history.versions] == [
            ("2", "Omar Whitfield", True),
            ("1", "Came with the product", False),
        ]
        assert [one.kind for one in history.changes] == ["Taken out", "Taken out"]
        await call(history, "compare", "older", "2")
        assert history.changes == []
        await call(history, "take_back", "1")
        assert (history.is_open, len(page.cards), page.changes_text) == (False, 3, "2 new")
        saving = await beside(page, GuidelineSaving)
        await call(saving, "ask")
        assert saving.note == "Back to version 1"
        await call(saving, "save", {"note": saving.note})
    assert desk.numbers() == [3, 2, 1]


async def test_record_and_end_a_permission(desk: Desk, page: GuidelineEditor):
    with desk.admin():
        permissions = await beside(page, GuidelinePermissions)
        await call(permissions, "ask", True)
        assert [one.value for one in permissions.rules] == ["max_hours_per_day", "rate_cap", "expense_total"]
        form = {"rule": "max_hours_per_day", "handler": "M. Ortiz", "granted_on": "2026-10-03", "limit": "10"}
        await call(permissions, "grant", {**form, "matter": "2020-99999"})
        assert "pays no matter 2020-99999" in permissions.problem
        await call(permissions, "grant", form)
        assert (permissions.is_granting, len(permissions.rows)) == (False, 1)
        assert permissions.rows[0].whom == "everybody, all matters"
        await try_out(page)
        assert (card(page, 0).did, card(page, 0).allowed) == ("Would have met nothing", "2 more allowed")
        await call(permissions, "ask_end", permissions.rows[0].id)
        await call(permissions, "end", {"note": "The handler left"})
    assert permissions.rows[0].ended.startswith("Ended ")
    with desk.database.read_only() as session:
        assert list_exceptions(session, actor(Role.ADMIN))[0].revoked_at is not None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"granted_on": "soon"}, "Give the day"),
        ({"granted_on": "2999-01-01"}, "not yet"),
        ({"rule": "astrology"}, "not in force"),
        ({"handler": ""}, "who at the carrier"),
        ({"timekeeper": "NOBODY"}, "no timekeeper NOBODY"),
        ({"work_from": "x"}, "is no day"),
        ({"limit": "lots"}, "no number"),
        ({"limit": "9999999999"}, "too large"),
        ({"limit": "-1"}, "more than nothing"),
    ],
)
async def test_refuse_bad_permissions(desk: Desk, page: GuidelineEditor, changes: dict[str, str], sentence: str):
    with desk.admin():
        permissions = await beside(page, GuidelinePermissions)
        form = {"rule": "rate_cap", "handler": "M. Ortiz", "granted_on": date(2026, 10, 3).isoformat()}
        await call(permissions, "grant", {**form, **changes})
    assert sentence in permissions.problem
    with desk.database.read_only() as session:
        assert session.exec(select(GuidelineException)).all() == []


async def test_let_everybody_read_and_only_admins_write(desk: Desk):
    for role, may_try in ((Role.BILLER, True), (Role.ATTORNEY, False)):
        with acting_as(role, user_id=desk.admin_id):
            page = await opened(desk)
            assert (len(page.cards), page.may_edit, page.may_try) == (3, False, may_try)
            form, saving = await beside(page, RuleForm), await beside(page, GuidelineSaving)
            await call(page, "open_rule", page.cards[0].key)
            key = page.panel.key
            for state, handler, values in (
                (page, "add", ("rate_cap",)),
                (page, "remove", (key,)),
                (page, "move", (key, 1)),
                (page, "duplicate", (key,)),
                (page, "undo", ()),
                (page, "drop", ()),
                (form, "type_text", (key, "hours", "1")),
                (form, "switch", (key, "hours", True)),
                (form, "add_pair", (key, "caps")),
                (saving, "save", ({"note": "x"},)),
                (saving, "import_list", ({"list": "[]"},)),
                (await beside(page, GuidelineHistory), "take_back", ("1",)),
            ):
                with pytest.raises(DeniedError):
                    await call(state, handler, *values)
            if not may_try:
                with pytest.raises(DeniedError):
                    await call(page, "choose_month", "2026-10-01")
    assert desk.numbers() == [1]


@pytest.mark.parametrize(
    ("handler", "values"),
    [
        ("type_text", ("hours", 12)),
        ("type_text", ("hours", {"evil": True})),
        ("type_text", ("colour", "blue")),
        ("type_text", ("kind", "budget")),
        ("switch", ("hours", True)),
        ("switch", ("hours", "true")),
        ("choose", ("hours", "partner", True)),
        ("add_pair", ("hours",)),
        ("type_pair", ("hours", "0", "key", "E1")),
        ("remove_pair", ("hours", "-1")),
    ],
)
async def test_refuse_what_no_form_sends(desk: Desk, page: GuidelineEditor, handler: str, values: tuple[Any, ...]):
    before = list(page.cards)
    with desk.admin(), pytest.raises(InvalidInputError):
        await edit(page, 0, handler, *values)
    assert page.cards == before
    with desk.admin():
        for handler_, value in (("add", "astrology"), ("remove", "r999"), ("duplicate", ""), ("move", 5)):
            with pytest.raises((InvalidInputError, TypeError)):
                await call(page, handler_, value)
    assert page.cards == before
