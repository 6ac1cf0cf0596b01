"""Forms of what a carrier agreed to: hours and pace, the fast lane, the codes it takes, its people and rates."""

from typing import Any

import reflex as rx

from pages.sites.profile_parts import choice, fold, options
from pages.ui.callout import error_callout, notice
from pages.ui.fields import long_field, text_field
from pages.ui.note_dialog import note_field
from state.sites.profile_editor import ProfileEditor
from state.sites.profile_rules import TIME_ZONES, ProfileRules

_NO_CONSENT = "Off until the carrier's consent is recorded below: without it nothing is posted but by the browser."


def rules_forms() -> rx.Component:
    """Return the four forms, each folded."""
    return rx.fragment(_traffic(), _lane(), _codes(), _people())


def _traffic() -> rx.Component:
    traffic = ProfileEditor.traffic
    box = rx.el.input(type="checkbox", name="one_at_a_time", default_checked=traffic.one_at_a_time)
    numbers = rx.el.div(
        _number("Seconds between two files", "seconds_between_files", traffic.seconds_between_files),
        _number("Files an hour, at most", "files_per_hour", traffic.files_per_hour),
        _number("Files a visit, at most", "batch_size", traffic.batch_size),
        class_name="column-fields",
    )
    form = rx.el.form(
        choice("The site's time zone", "time_zone", traffic.time_zone, *_zones(traffic.time_zone)),
        long_field(
            "Open to machines, one line for each time; empty is at any time",
            "hours",
            default_value=traffic.hours,
            placeholder="Mon-Fri 07:00-19:00\nSat 08:00-12:00",
            spell_check=False,
        ),
        numbers,
        rx.el.label(box, "One session at a time", class_name="step-check"),
        _keep(),
        key=traffic.to_string(),
        on_submit=ProfileRules.keep_traffic,
        class_name="line-form",
    )
    return fold(
        "Opening hours and pace",
        "When machines may come, by the site's own clock, and how fast. Files wait by themselves; empty is no limit.",
        _said("traffic"),
        form,
    )


def _lane() -> rx.Component:
    consent = ProfileEditor.lane_consent
    switch = rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=ProfileEditor.lane_is_asked,
            disabled=(consent == "") & ~ProfileEditor.lane_is_asked,
            on_change=ProfileRules.switch_lane,
            custom_attrs={"aria-describedby": "lane-state"},
        ),
        "Post files without the browser where that is shown to see the same",
        class_name="step-check",
    )
    recording = rx.el.form(
        text_field("Who at the carrier, with office", "named", required=True, max_length=120),
        text_field("On", "given_on", type="date", required=True),
        text_field("Letter, e-mail or note of the call", "reference", required=True, max_length=255),
        text_field("Conditions (kept by people)", "conditions", max_length=500),
        rx.el.div(rx.button("Record consent", variant="surface", type="submit"), class_name="form-buttons"),
        on_submit=ProfileRules.consent,
        reset_on_submit=False,
        class_name="line-form",
    )
    ending = rx.el.details(
        rx.el.summary("Withdraw it", class_name="fold"),
        rx.el.form(
            note_field("Why it ends", is_required=True),
            rx.el.div(
                rx.button("Withdraw consent", variant="surface", color_scheme="red", type="submit"),
                class_name="form-buttons",
            ),
            on_submit=ProfileRules.withdraw,
            class_name="line-form",
        ),
    )
    return fold(
        "Fast lane",
        "Plain posts within the signed-in session, in place of the browser's clicks: some carriers consent to it.",
        _said("lane"),
        switch,
        rx.el.p(
            rx.cond(
                consent != "",
                f"Consent: {consent}. It holds for every carrier on this site; the switch is part of the draft.",
                _NO_CONSENT,
            ),
            id="lane-state",
            class_name="row-hint",
        ),
        rx.cond(consent != "", ending, recording),
    )


def _codes() -> rx.Component:
    codes = ProfileEditor.codes
    kinds = (("Task codes", "task", codes.task), ("Activity codes", "activity", codes.activity),
             ("Expense codes", "expense", codes.expense))  # fmt: skip
    lists = [
        long_field(title, name, rows="2", default_value=value, placeholder="The whole standard list", spell_check=False)
        for title, name, value in kinds
    ]
    form = rx.el.form(
        *lists,
        rx.el.p("Empty takes the whole standard list; the word none takes no code of the kind.", class_name="row-hint"),
        long_field(
            "The carrier's own codes: code, kind, label, from, to, in place of",
            "own",
            rows="5",
            default_value=codes.own,
            placeholder="X100\ttask\tClaim set-up\t2026-01-01",
            spell_check=False,
            custom_attrs={"data-grid": "true"},
        ),
        rx.el.p(_PASTE, class_name="row-hint"),
        _keep(),
        key=codes.to_string(),
        on_submit=ProfileRules.keep_codes,
        class_name="line-form",
    )
    return fold("Codes", "Which UTBMS codes the carrier takes, and the ones of its own.", _said("codes"), form)


_PASTE = "Paste from a spreadsheet or as CSV. A first line may name the columns; days as 2026-01-31 or 1/31/2026."


def _people() -> rx.Component:
    offered = ProfileRules.people_offered
    form = rx.el.form(
        long_field(
            "Timekeeper, rate in dollars an hour, from, to, told on",
            "people",
            rows="8",
            default_value=rx.cond(offered != "", offered, ProfileEditor.people),
            placeholder="JD01\t285.00\t2026-01-01\t\t2025-11-15",
            spell_check=False,
            custom_attrs={"data-grid": "true"},
        ),
        rx.el.p(_PASTE, " A sixth column with the name is for people and is not kept.", class_name="row-hint"),
        rx.el.div(
            rx.button("Keep these changes", variant="surface", type="submit"),
            rx.button(
                "Begin with the rates in force", variant="soft", color_scheme="gray", type="button",
                on_click=ProfileRules.offer_rates,
            ),
            class_name="form-buttons wrapping",
        ),
        key=f"{ProfileRules.form_round}-{ProfileEditor.people}",
        on_submit=ProfileRules.keep_people,
        class_name="line-form",
    )  # fmt: skip
    standing = rx.cond(
        ProfileEditor.people_count > 0,
        f"{ProfileEditor.people_count} rates in this draft. In force, they replace this carrier's rates by person.",
        "Nobody is named in this draft, so the rates stay as they are when it comes into force.",
    )
    return fold(
        "People and rates",
        "Whom the carrier approved and at what rate, by date of work. Others are flagged before a bill leaves.",
        _said("people"),
        rx.el.p(standing, class_name="row-hint"),
        form,
    )


def _said(place: str) -> rx.Component:
    """Return what came of the last change of this form: the reason where it was refused."""
    is_here = ProfileRules.problem_of == place
    return rx.cond(
        is_here,
        rx.fragment(
            error_callout(ProfileRules.problem),
            rx.cond(ProfileRules.done != "", notice(ProfileRules.done, tone="green", icon="check")),
        ),
    )


def _number(label: str, name: str, value: Any) -> rx.Component:  # noqa: ANN401 -- a Var
    return text_field(label, name, default_value=value, input_mode="numeric")


def _zones(chosen: Any) -> list[rx.Component]:  # noqa: ANN401 -- a Var
    known = options([(one, one.replace("_", " ")) for one in TIME_ZONES])
    other = rx.cond(rx.Var.create(list(TIME_ZONES)).contains(chosen), rx.fragment(), rx.el.option(chosen, value=chosen))
    return [*known, other]


def _keep() -> rx.Component:
    return rx.el.div(rx.button("Keep these changes", variant="surface", type="submit"), class_name="form-buttons")
