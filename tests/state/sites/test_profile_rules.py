"""The forms of what a carrier agreed to, as a page drives them: into the draft, or refused beside their form."""

from typing import Any

import pytest
from sqlalchemy import select

from core.db import Database
from core.errors import DeniedError
from models import Site
from models.enums import Role
from state.sites.profile_editor import ProfileEditor
from state.sites.profile_mail import ProfileMail
from state.sites.profile_rules import ProfileRules
from tests.acting import acting_as, call, part_of, tab_at
from tests.services.sites.test_profile_mails import HEAD, LAYOUT, SOURCE, TEXT
from tests.services.sites.test_profile_traffic import FORM
from tests.state.billing_desk import BillingDesk, make_billing_desk

CONSENT = {"named": "Lena Ortiz", "given_on": "2026-05-02", "reference": "Letter", "conditions": ""}


@pytest.fixture
def desk(database: Database) -> BillingDesk:
    return make_billing_desk(database)


@pytest.fixture
def tree(desk: BillingDesk) -> Any:
    return tab_at(f"/carriers/{desk.carrier_id}/profile")


async def opened(tree: Any) -> tuple[Any, Any, Any]:
    editor, rules, mail = part_of(tree, ProfileEditor), part_of(tree, ProfileRules), part_of(tree, ProfileMail)
    for state in (editor, rules, mail):
        await call(state, "load")
    return editor, rules, mail


async def test_hours_go_into_the_draft_and_a_fault_stays_beside_its_form(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, rules, _ = await opened(tree)
        await call(rules, "keep_traffic", {**FORM, "hours": "Mon-Fri 7:00-19:00", "batch_size": "10"})
        kept = editor.traffic
        await call(rules, "keep_traffic", {**FORM, "hours": "whenever"})
    assert (kept.hours, kept.batch_size, editor.is_changed, editor.problems) == ("Mon-Fri 07:00-19:00", "10", True, [])
    assert (rules.problem_of, editor.traffic) == ("traffic", kept)
    assert "Opening hours, line 1" in rules.problem


async def test_fast_lane_opens_with_the_consent_and_closes_with_its_end(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, rules, _ = await opened(tree)
        await call(rules, "switch_lane", True)
        refused = (rules.problem, rules.problem_of, editor.lane_is_asked)
        await call(rules, "consent", {**CONSENT, "given_on": ""})
        no_day = rules.problem
        await call(rules, "consent", CONSENT)
        consented = editor.lane_consent
        await call(rules, "switch_lane", True)
        asked = editor.lane_is_asked
        await call(rules, "withdraw", {"note": "They changed their mind"})
        await call(rules, "switch_lane", False)
    assert "record the consent first" in refused[0]
    assert refused[1:] == ("lane", False)
    assert no_day == "On: enter the day. Nothing was recorded."
    assert (consented, asked) == ("Allowed by Lena Ortiz, 2026-05-02", True)
    assert (editor.lane_consent, editor.lane_is_asked, rules.problem) == ("", False, "")
    with desk.database.read_only() as session:
        assert {site.form_lane_allowed_by for site in session.scalars(select(Site))} == {""}


async def test_codes_and_people_go_into_the_draft(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, rules, _ = await opened(tree)
        await call(rules, "keep_codes", {"task": "L120", "activity": "", "expense": "", "own": ""})
        await call(rules, "keep_people", {"people": "nobody,285,2026-01-01"})
        refused = (rules.problem, rules.problem_of)
        await call(rules, "offer_rates")
    assert editor.codes.task == "L120"
    assert refused == ("Line 1, Timekeeper: the firm has no timekeeper “nobody”. Nothing was changed.", "people")
    assert "in force by person" in rules.done


async def test_a_pasted_mail_is_shown_as_the_draft_would_read_it(desk: BillingDesk, tree: Any):
    with desk.admin():
        editor, _, mail = await opened(tree)
        await call(mail, "try_mail", {"mail": TEXT})
        missing = mail.problem
        await call(mail, "keep_head", HEAD)
        await call(mail, "keep_layout", LAYOUT)
        await call(mail, "open_layout", "0")
        await call(mail, "keep_layout", {**LAYOUT, "name": "Daily"})
        await call(mail, "try_mail", {"mail": SOURCE})
        read = [(row.invoice, row.outcome, row.amounts) for row in mail.trial_rows]
        layout, counts, trust = mail.trial_layout, mail.trial_counts, mail.trial_trust
        await call(mail, "remove_layout", "0")
    assert "Before a mail can be tried, enter" in missing
    assert read[0] == ("2026-000007", "Paid in part (“Cut”)", "approved 1,200.50")
    assert (layout, counts) == ("Daily", True)
    assert "It would count" in trust
    assert (editor.layouts, mail.was_tried, editor.mail_sender) == ([], False, HEAD["sender"])


async def test_the_forms_are_the_administrators(desk: BillingDesk, tree: Any):
    rules, mail = part_of(tree, ProfileRules), part_of(tree, ProfileMail)
    with acting_as(Role.BILLER):
        for state, handler, form in ((rules, "keep_traffic", FORM), (rules, "consent", CONSENT),
                                     (mail, "try_mail", {"mail": TEXT})):  # fmt: skip
            with pytest.raises(DeniedError):
                await call(state, handler, form)
