"""The editor of a carrier's profile: steps, parts, imports, versions, dry runs, and who may do any of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from carriers.seeds import seed_profiles
from core.db import Database
from core.errors import DeniedError, InvalidInputError
from models import Carrier, CarrierProfileVersion, Site
from models.enums import Role
from services.sites import dry_runs
from services.sites.profile_files import export_profile
from state.sites.carrier_form import CarrierForm
from state.sites.profile_desk import ProfileDesk
from state.sites.profile_editor import ProfileEditor
from state.sites.profile_mail import ProfileMail
from state.sites.profile_site import ProfileSite
from tests.acting import acting_as, call, part_of, tab_at
from tests.builders import actor
from tests.services.sites.test_profile_mails import LAYOUT
from tests.state.billing_desk import BillingDesk, make_billing_desk

TERMS = {
    "dialect": "LEDES1998B", "law_firm_id": "with_dash", "file_name": "{invoice_number}.txt", "kind": "poll",
    "payment_days": "45",
}  # fmt: skip
RECORDINGS = Path(__file__).parents[2] / "carriers" / "recordings"


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> BillingDesk:
    monkeypatch.setattr(dry_runs, "ring", lambda *_: True)
    return make_billing_desk(database)


@pytest.fixture
def tree(desk: BillingDesk) -> Any:
    return tab_at(f"/carriers/{desk.carrier_id}/profile")


async def opened(tree: Any) -> tuple[Any, Any]:
    editor, board = part_of(tree, ProfileEditor), part_of(tree, ProfileDesk)
    await call(editor, "load")
    await call(board, "load")
    return editor, board


def labels(editor: Any) -> list[str]:
    return [step.label for step in editor.steps]


async def test_load_shows_the_version_in_force(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, board = await opened(tree)
    assert (editor.carrier_name, editor.in_force, editor.draft_of) == (
        "Harbor Mutual",
        "Version 1 is in force",
        "version 1",
    )
    assert [one.count for one in editor.lists if one.name == "login"] == [str(len(editor.steps))]
    assert (editor.problems, editor.is_changed, board.run_state) == ([], False, "")


async def test_steps_are_added_moved_copied_removed_and_brought_back(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, _ = await opened(tree)
        await call(editor, "choose_list", "upload")
        before = labels(editor)
        await call(editor, "add_step", {"verb": "dismiss"})
        await call(
            editor, "keep_step", {"label": "Close the banner", "selectors": "#banner\n text/Close ", "seconds": "3"}
        )
        await call(editor, "move_step", str(len(before)), True)
        await call(editor, "duplicate_step", "0")
        changed = labels(editor)
        await call(editor, "remove_step", "0")
        for _ in range(5):
            await call(editor, "undo")
    assert changed[0] == changed[1] == before[0]
    assert changed[len(before)] == "Close the banner"
    assert (labels(editor), editor.is_changed) == (before, False)


async def test_a_wrong_step_is_named_and_cannot_be_saved(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, board = await opened(tree)
        await call(editor, "choose_list", "upload")
        await call(editor, "add_step", {"verb": "click"})
        await call(editor, "keep_step", {"label": "Send", "selectors": "", "seconds": "x"})
        refused = editor.problem
        await call(editor, "keep_step", {"label": "Send", "selectors": "", "seconds": "5"})
        await call(board, "save", {"note": "Try"})
    assert "is no number of seconds" in refused
    assert editor.problems[0].where.startswith("Upload, step ")
    assert "The profile was not saved" in board.problem
    assert len(editor.versions) == 1


async def test_save_activate_compare_and_roll_back(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, board = await opened(tree)
        await call(editor, "keep_site", {"title": "Harbor Portal", "hosts": "{site_host}", "settle": "9"})
        await call(board, "ask_save", True)
        told = [(one.where, one.text) for one in board.differences]
        await call(board, "save", {"note": "New name"})
        assert (editor.is_changed, [one.number for one in editor.versions]) == (False, ["2", "1"])
        await call(board, "ask_activate", "2")
        await call(board, "activate", {"note": "Seen in a dry run"})
        assert editor.in_force == "Version 2 is in force"
        await call(board, "compare", "1")
        back = [one.text for one in board.differences]
        await call(board, "ask_activate", "1")
        await call(board, "activate", {"note": "Wrong after all"})
    assert any(text.startswith("settle seconds") for _, text in told)
    assert any("Harbor Portal became" in text for text in back)
    assert (editor.in_force, board.problem) == ("Version 1 is in force", "")


async def test_a_recording_is_put_into_the_draft_and_says_what_it_left_out(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, board = await opened(tree)
        text = (RECORDINGS / "harbor-mutual.recorder.json").read_text()
        await call(board, "take_recording", {"content": text})
        assert (editor.draft_of, editor.is_changed, editor.problems) == ("a recording", True, [])
        assert labels(editor)[0] == "Open /Login"
        assert board.imported.startswith("Chrome DevTools Recorder, “Recording")
        kept = {one.where for one in board.remarks if "keeps the steps that it had" in one.text}
        assert kept == {"Find the invoice", "Read the result"}
        assert {one.where for one in board.left_out} >= {"Step 1, setViewport", "Step 10, hover"}
        assert "Winter-Quay-88" not in repr(editor.dict()) + repr(board.dict()) + repr(editor._document)
        await call(editor, "undo")
    assert not editor.is_changed


@pytest.mark.parametrize("content", ["", "no json", "[" * 9000, '{"steps": []}', '{"kind": "carrier-profile"}'])
async def test_a_bad_file_is_answered_and_the_draft_kept(desk: BillingDesk, tree: Any, content: str):
    with desk.admin():
        editor, board = await opened(tree)
        await call(board, "take_recording", {"content": content})
    assert "Nothing was changed." in board.problem
    assert not editor.is_changed


async def test_an_exported_profile_is_taken_in(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, board = await opened(tree)
        with desk.database.read_only() as session:
            version = session.scalars(select(col(CarrierProfileVersion.id))).first()
            file = export_profile(session, actor(Role.ADMIN), version_id=version)
        changed = json.loads(file.content)
        changed["profile"]["site"]["title"] = "Elsewhere"
        await call(board, "take_recording", {"content": json.dumps(changed)})
    assert (editor.site_title, editor.draft_of) == ("Elsewhere", "Harbor Mutual, version 1")


async def test_dry_run_is_asked_for_and_refused_while_one_is_under_way(desk: BillingDesk, tree: Any):
    with desk.admin():
        _, board = await opened(tree)
        assert await call(board, "dry_run") is not None
        await call(board, "load")
        assert (board.run_state, board.is_running) == ("Waiting for a worker", True)
        assert await call(board, "dry_run") is None
    assert "under way" in board.problem


async def test_permission_is_withdrawn_and_recorded(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, board = await opened(tree)
        await call(board, "withdraw", {"note": "The carrier asked us to stop"})
        assert editor.permission == ""
        await call(board, "permit", {"basis": "pigeon", "given_on": "2026-11-02", "named": "Lena Ortiz"})
        assert "Choose on what it rests" in board.problem
        await call(board, "permit", {"basis": "counsel", "given_on": "2026-11-02", "named": "Lena Ortiz"})
    assert editor.permission == "Terms read by Lena Ortiz, 2026-11-02"


async def test_a_new_carrier_starts_empty_and_takes_a_copy(desk: BillingDesk, tree: Any):
    with desk.admin():
        form = part_of(tree, CarrierForm)
        await call(form, "ask", True)
        typed = {"name": "Beacon", "client_code": "BEACON", "site": "Beacon Portal", "origin": "https://beacon.example"}
        assert await call(form, "create", {**typed, "label": "main"}) is None
        assert "law firm id" in form.problem
        assert await call(form, "create", {**typed, "label": "main", "law_firm_id": "36-1"}) is not None
        with desk.database.read_only() as session:
            made = session.scalars(select(Carrier).filter_by(client_code="BEACON")).one().id
            assert session.scalars(select(Site).filter_by(name="Beacon Portal")).one().automation_allowed_by == ""
        tree.router_data = {"asPath": f"/carriers/{made}/profile", "pathname": f"/carriers/{made}/profile"}
        tree._update_router_vars(tree.router_data, {})
        editor, _ = await opened(tree)
        assert (editor.in_force, editor.draft_of) == ("No version is in force yet", "a new profile")
        assert editor.problems != []
        await call(editor, "copy_from", {"carrier": str(desk.carrier_id)})
    assert (editor.draft_of, editor.problems, [one.number for one in editor.versions]) == ("version 1", [], ["1"])


@pytest.mark.parametrize(
    ("handler", "payload"),
    [
        ("open_step", ("99",)),
        ("open_step", ("-1",)),
        ("move_step", ("x", True)),
        ("remove_step", ("99",)),
        ("open_version", ("one",)),
        ("copy_from", ({"carrier": "../"},)),
        ("keep_step", ("text",)),
        ("choose_list", (7,)),
    ],
)
async def test_bad_payloads_are_refused(desk: BillingDesk, tree: Any, handler: str, payload: tuple[Any, ...]):
    with desk.admin():
        editor, _ = await opened(tree)
        with pytest.raises(InvalidInputError):
            await call(editor, handler, *payload)
    assert not editor.is_changed


async def test_forms_change_the_draft_and_undo_brings_it_back(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, _ = await opened(tree)
        site = part_of(tree, ProfileSite)
        await call(site, "load")
        await call(site, "open_page", "upload")
        assert site.page.selectors != ""
        await call(site, "keep_page", {"name": "start", "selectors": "div#start"})
        assert [(row.name, row.selectors) for row in editor.page_rows] == [("start", "div#start")]
        assert any("there is no page 'upload'" in one.text for one in editor.problems)
        await call(editor, "undo")
        await call(site, "remove_page", "upload")
        await call(editor, "undo")
        await call(site, "open_outcome", "0")
        await call(site, "keep_outcome", {"signal": "account_locked", "selectors": "#loginError", "texts": "blocked"})
        assert [row.said for row in editor.outcome_rows] == ["#loginError · “blocked”"]
        await call(site, "remove_outcome", "0")
        await call(site, "keep_decisions", {"approved": "Approved", "reduced": "Approved"})
        assert "stands for two decisions" in site.problem
        await call(site, "keep_terms", {"appeal_days": "x", "payment_days": "45"})
        assert "is no number of days" in site.problem
        await call(site, "put_page_away")
        assert (site.problem, site.page.name) == ("", "")
        for _ in range(2):
            await call(editor, "undo")
    assert (editor.is_changed, [row.name for row in editor.page_rows]) == (False, ["upload"])


async def test_a_form_is_drawn_anew_only_for_what_it_shows(desk: BillingDesk, tree: Any):
    with desk.admin():
        await opened(tree)
        site, mail = part_of(tree, ProfileSite), part_of(tree, ProfileMail)
        await call(site, "load")
        await call(mail, "load")
        await call(site, "open_page", "upload")
        await call(site, "open_outcome", "0")
        before = (site.page_round, site.outcome_round, mail.form_round)
        await call(site, "keep_decisions", {"pending": "Waiting"})
        await call(site, "keep_terms", {**TERMS, "appeal_days": "31"})
        await call(mail, "keep_head", {"sender": "results@harbor.example", "dkim_domain": "harbor.example"})
        assert (site.problem, mail.problem) == ("", "")
        assert (site.page.name, site.outcome.position) == ("upload", "0")
        assert (site.page_round, site.outcome_round, mail.form_round) == before
        await call(site, "keep_page", {"name": "upload", "selectors": "div#start"})
        assert (site.page.name, site.outcome.position) == ("", "0")


async def test_nothing_moves_under_an_open_step(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, _ = await opened(tree)
        await call(editor, "choose_list", "upload")
        before = labels(editor)
        await call(editor, "open_step", "1")
        for handler, given in (
            ("move_step", ("1", True)), ("duplicate_step", ("0",)), ("remove_step", ("0",)),
            ("add_step", ({"verb": "click"},)),
        ):  # fmt: skip
            with pytest.raises(InvalidInputError, match="Keep or cancel the open step first"):
                await call(editor, handler, *given)
        assert (labels(editor), editor.form.position) == (before, "1")
        await call(editor, "close_step")
        await call(editor, "move_step", "1", True)
    assert labels(editor) == [before[1], before[0], *before[2:]]


async def test_an_answer_that_is_another_by_now_is_not_written_over(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, _ = await opened(tree)
        site = part_of(tree, ProfileSite)
        await call(site, "load")
        await call(site, "open_outcome", "0")
        await call(site, "keep_outcome", {"signal": "account_locked", "selectors": "#blocked"})
        await call(site, "open_outcome", "0")
        await call(editor, "undo")
        said = [row.said for row in editor.outcome_rows]
        await call(site, "keep_outcome", {"signal": "account_locked", "selectors": "#other"})
    assert [row.said for row in editor.outcome_rows] == said
    assert "what you typed is still here" in site.problem


async def test_a_layout_that_is_another_by_now_is_not_written_over(desk: BillingDesk, tree: Any):
    first, second = ({**LAYOUT, "name": name} for name in ("Daily", "Weekly"))
    with desk.admin():
        editor, _ = await opened(tree)
        mail = part_of(tree, ProfileMail)
        await call(mail, "load")
        await call(mail, "keep_layout", first)
        await call(mail, "keep_layout", second)
        await call(mail, "open_layout", "1")
        await call(editor, "undo")
        await call(mail, "keep_layout", {**second, "name": "Monthly"})
    assert [row.name for row in editor.layouts] == ["Daily"]
    assert "This layout was changed or taken out" in mail.problem
    assert mail.layout.name == "Weekly"


async def test_unknown_names_change_nothing(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, _ = await opened(tree)
        await call(editor, "choose_list", "elsewhere")
        await call(editor, "choose_part", "elsewhere")
        await call(editor, "add_step", {"verb": "run_script"})
        await call(editor, "keep_part", {"text": "{"})
    assert (editor.list_name, editor.part_name, editor.is_changed) == ("login", "pages", False)
    assert "This is no JSON" in editor.problem


@pytest.mark.parametrize("role", [Role.BILLER, Role.ATTORNEY])
async def test_the_page_is_for_admins(desk: BillingDesk, tree: Any, role: Role):
    with acting_as(role):
        for kind, handler, payload in (
            (ProfileEditor, "load", ()),
            (ProfileEditor, "undo", ()),
            (ProfileDesk, "save", ({"note": "x"},)),
            (ProfileDesk, "take_recording", ({"content": "{}"},)),
            (ProfileDesk, "dry_run", ()),
            (ProfileDesk, "permit", ({},)),
            (ProfileSite, "keep_page", ({"name": "home", "selectors": "#home"},)),
            (ProfileSite, "keep_outcome", ({},)),
            (ProfileSite, "keep_terms", ({},)),
            (CarrierForm, "create", ({},)),
        ):
            with pytest.raises(DeniedError):
                await call(part_of(tree, kind), handler, *payload)


def test_seed_profiles_are_shown_step_by_step():
    from services.sites.profile_drafts import changed_step, flags_of, step_lists, steps_of, table_of  # noqa: PLC0415

    for profile in seed_profiles().values():
        document = profile.model_dump(mode="json")
        for name, _ in step_lists():
            for step in steps_of(document, name):
                form = {k: str(step.get(k) or "") for k in ("label", "value", "page", "into", "pattern")}
                form["selectors"] = "\n".join(step.get("selectors") or [])
                form |= {flag: "on" for flag, is_on in flags_of(step).items() if is_on}
                rows, empty, columns = table_of(step)
                form |= {"rows": rows, "empty": empty, "table_into": form["into"], **columns}
                form["seconds"] = str(step["timeout_seconds"])
                kept = changed_step(step, form)
                assert kept == {key: value for key, value in step.items() if value is not None}
