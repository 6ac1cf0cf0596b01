"""A carrier's profile for administrators: steps and site edited as a draft, recordings taken in, dry runs, versions."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.sites.health_walk import drifts, health
from pages.sites.profile_desk import dry_run, import_dialog, import_report, permission, save_dialog, versions
from pages.sites.profile_mail import mail_form
from pages.sites.profile_rules import rules_forms
from pages.sites.profile_site import column_field, site_forms
from pages.ui.callout import error_callout
from pages.ui.empty_state import empty_state
from pages.ui.fields import long_field, text_field
from pages.ui.link import link
from pages.ui.result import result_bar
from pages.ui.shell import shell
from pages.ui.status_badge import Look, badge
from state.sites.profile_desk import ProfileDesk
from state.sites.profile_editor import ProfileEditor

_READINGS = (
    ("receipt", "The receipt"),
    ("decision", "The decision"),
    ("approved_amount", "The approved amount"),
    ("site_text", "What the site says"),
    ("sha256", "The checksum of the file"),
)
_TABLES = (("invoices", "Invoices at the site"), ("findings", "Reasons and reductions"))
_ALLOWED = Look("green", "check", "Sending allowed")
_DRY_ONLY = Look("amber", "eye", "Dry runs only")
_CHANGED = Look("blue", "pencil", "Not saved")


def carrier_profile() -> rx.Component:
    """Return the page."""
    body = rx.el.div(
        rx.el.div(
            drifts(),
            _problems(),
            _steps(),
            site_forms(),
            rules_forms(),
            mail_form(),
            _site(),
            _part(),
            class_name="profile-main",
        ),
        rx.el.div(dry_run(), health(), versions(), permission(), class_name="profile-side"),
        # A form is drawn anew for new values only, and two carriers may have the same.
        key=ProfileEditor.carrier_name,
        class_name="profile",
    )
    return shell(
        _head(),
        result_bar(ProfileDesk.done, on_dismiss=ProfileDesk.dismiss),
        error_callout(ProfileEditor.problem),
        import_report(),
        rx.cond(
            ProfileEditor.carrier_name != "",
            body,
            rx.cond(
                ProfileEditor.is_loading, rx.fragment(), empty_state("No such carrier", "Go back to the carriers.")
            ),
        ),
        import_dialog(),
        save_dialog(),
        current="/carriers",
        roles=(Role.ADMIN,),
    )


def _head() -> rx.Component:
    state = rx.cond(ProfileEditor.permission != "", badge(_ALLOWED), badge(_DRY_ONLY))
    crumbs = rx.el.nav(
        link("Carriers", href="/carriers", class_name="crumb"),
        rx.icon("chevron-right", size=14, aria_hidden="true"),
        rx.el.span(ProfileEditor.carrier_name, custom_attrs={"aria-current": "page"}),
        aria_label="Where you are",
        class_name="crumbs",
    )
    title = rx.el.div(
        rx.el.h1("Profile ", rx.el.span(ProfileEditor.carrier_name), class_name="page-title"),
        rx.el.p(ProfileEditor.site_line, class_name="page-subtitle"),
        rx.el.p(
            rx.el.span(ProfileEditor.in_force),
            rx.el.span(" · editing ", ProfileEditor.draft_of, class_name="muted"),
            " ",
            state,
            " ",
            rx.cond(ProfileEditor.is_changed, badge(_CHANGED)),
            class_name="profile-standing",
        ),
    )
    actions = rx.el.div(
        _button("upload", "Import…", ProfileDesk.ask_import(True)),
        _button("undo-2", "Undo", ProfileEditor.undo, is_off=~ProfileEditor.can_undo),
        rx.button(
            rx.icon("save", size=15, aria_hidden="true"),
            "Save…",
            on_click=ProfileDesk.ask_save(True),
            disabled=~ProfileEditor.is_changed | (ProfileEditor.problems.length() > 0),
        ),
        class_name="profile-actions",
    )
    return rx.el.header(crumbs, rx.el.div(title, actions, class_name="profile-head"))


def _problems() -> rx.Component:
    def one(said: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return rx.el.li(rx.el.span(said.where, class_name="said-where"), rx.el.span(said.text))

    box = rx.el.section(
        rx.el.h2("To complete before it can be saved", class_name="pane-heading"),
        rx.el.ul(rx.foreach(ProfileEditor.problems, one), class_name="said"),
        aria_label="To complete",
        class_name="profile-card amber-card",
    )
    return rx.cond(ProfileEditor.problems.length() > 0, box)


def _steps() -> rx.Component:
    def tab(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return rx.el.button(
            one.title,
            rx.el.span(one.count, class_name="tab-count"),
            type="button",
            on_click=ProfileEditor.choose_list(one.name),
            class_name=rx.cond(ProfileEditor.list_name == one.name, "step-tab chosen", "step-tab"),
            custom_attrs={"aria-pressed": rx.cond(ProfileEditor.list_name == one.name, "true", "false")},
        )

    adding = rx.el.form(
        rx.el.label(
            rx.el.span("Kind of step", class_name="sr-only"),
            rx.el.select(
                rx.foreach(ProfileEditor.verbs, lambda verb: rx.el.option(verb[1], value=verb[0])),
                name="verb",
                class_name="choice",
            ),
        ),
        rx.button(rx.icon("plus", size=15, aria_hidden="true"), "Add step", variant="surface", type="submit"),
        on_submit=ProfileEditor.add_step,
        class_name="step-add",
    )
    none = rx.el.p("This list has no step yet. Record it, or add one.", class_name="muted")
    return rx.el.section(
        rx.el.h2("Steps", class_name="pane-heading"),
        rx.el.div(rx.foreach(ProfileEditor.lists, tab), role="group", aria_label="Step lists", class_name="step-tabs"),
        rx.cond(
            ProfileEditor.steps.length() > 0, rx.el.ol(rx.foreach(ProfileEditor.steps, _step), class_name="steps"), none
        ),
        adding,
        aria_label="Steps",
        class_name="profile-card",
    )


def _step(step: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    words = rx.el.div(
        rx.el.p(
            rx.el.span(step.label, class_name="step-label"),
            rx.cond(
                step.flags != "",
                rx.el.span(step.flags, class_name=rx.cond(step.is_final, "step-flag final", "step-flag")),
            ),
        ),
        rx.el.p(rx.el.span(step.verb, class_name="step-verb"), rx.el.code(step.detail), class_name="step-detail"),
        rx.cond(
            step.hits != "",
            rx.el.p(
                "Met in the last dry run: ", rx.el.span(step.hits, class_name="tabular-nums"), class_name="row-hint"
            ),
        ),
        class_name="min-w-0",
    )
    row = rx.el.div(rx.el.span(step.number, class_name="step-number"), words, _step_buttons(step), class_name="step")
    return rx.el.li(row, rx.cond(ProfileEditor.form.position == step.position, _form()))


def _step_buttons(step: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    # An open form stands at its step's place: nothing moves under it.
    is_open = ProfileEditor.form.position != ""
    return rx.el.div(
        _icon("pencil", f"Edit step {step.number}", ProfileEditor.open_step(step.position)),
        _icon("arrow-up", f"Move step {step.number} up", ProfileEditor.move_step(step.position, True), is_open),
        _icon("arrow-down", f"Move step {step.number} down", ProfileEditor.move_step(step.position, False), is_open),
        _icon("copy", f"Duplicate step {step.number}", ProfileEditor.duplicate_step(step.position), is_open),
        _icon("trash-2", f"Remove step {step.number}", ProfileEditor.remove_step(step.position), is_open),
        class_name="step-buttons",
    )


def _form() -> rx.Component:
    form = ProfileEditor.form

    def shown(name: str, field: rx.Component) -> rx.Component:
        return rx.cond(form.fields.contains(name), field)

    def flag(name: str, label: str) -> rx.Component:
        box = rx.el.input(type="checkbox", name=name, default_checked=form.on_flags.contains(name))
        return shown(name, rx.el.label(box, label, class_name="step-check"))

    return rx.el.form(
        rx.el.p(f"Step {form.number}: {form.title}", class_name="card-title"),
        text_field("What people read", "label", default_value=form.label, max_length=80, auto_focus=True),
        shown(
            "selectors",
            long_field(
                "Selectors, one a line; the first that matches wins",
                "selectors",
                default_value=form.selectors,
                spell_check=False,
            ),
        ),
        shown("value", text_field("Value, with {placeholders}", "value", default_value=form.value, spell_check=False)),
        shown("page", _page_choice()),
        shown("into", _kept_as("Keep as", "into", form.into, _READINGS)),
        shown("pattern", text_field("Pattern with one group (optional)", "pattern", default_value=form.pattern)),
        shown("table", _table()),
        text_field("Time limit in seconds", "seconds", default_value=form.seconds, input_mode="decimal"),
        flag("commit", "Final: it cannot be taken back"),
        flag("certify", "Certifies: it uses a person's authority"),
        flag("on", "On"),
        flag("gone", "Wait until it is gone"),
        flag("optional", "It may be missing"),
        flag("accept", "Accept"),
        rx.el.div(
            rx.button("Keep these changes", type="submit"),
            rx.button("Cancel", variant="soft", color_scheme="gray", type="button", on_click=ProfileEditor.close_step),
            class_name="form-buttons",
        ),
        key=f"{form.position}-{ProfileEditor.form_round}",
        on_submit=ProfileEditor.keep_step,
        class_name="line-form step-form",
    )


def _table() -> rx.Component:
    form = ProfileEditor.form
    return rx.fragment(
        _kept_as("It lists", "table_into", form.into, _TABLES),
        long_field("Rows, one selector a line", "rows", rows="2", default_value=form.rows, spell_check=False),
        rx.el.p("Where each stands inside a row; leave empty what the site does not show.", class_name="row-hint"),
        rx.el.div(rx.foreach(form.columns, column_field), class_name="column-fields"),
        long_field(
            "An empty list shows one of these, one a line", "empty", rows="1", default_value=form.empty,
            spell_check=False,
        ),
    )  # fmt: skip


def _kept_as(label: str, name: str, value: Any, choices: tuple[tuple[str, str], ...]) -> rx.Component:  # noqa: ANN401 -- a Var
    options = [rx.el.option(title, value=one) for one, title in choices]
    return rx.el.label(
        rx.el.span(label, class_name="field-label"),
        rx.el.select(*options, name=name, default_value=value, class_name="choice"),
        class_name="field-block",
    )


def _page_choice() -> rx.Component:
    options = rx.foreach(ProfileEditor.page_rows, lambda page: rx.el.option(page.name, value=page.name))
    return rx.el.label(
        rx.el.span("Page", class_name="field-label"),
        rx.el.select(options, name="page", default_value=ProfileEditor.form.page, class_name="choice"),
        rx.cond(ProfileEditor.page_rows.length() == 0, rx.el.span("Add the page below first.", class_name="row-hint")),
        class_name="field-block",
    )


def _site() -> rx.Component:
    form = rx.el.form(
        text_field("The site's name", "title", default_value=ProfileEditor.site_title, required=True),
        long_field("Allowed hosts, one a line", "hosts", rows="2", default_value=ProfileEditor.site_hosts),
        text_field(
            "Seconds until a new invoice is in the site's list",
            "settle",
            default_value=ProfileEditor.settle,
            input_mode="decimal",
        ),
        rx.el.div(rx.button("Keep these changes", variant="surface", type="submit"), class_name="form-buttons"),
        key=f"site-{ProfileEditor.site_title}-{ProfileEditor.site_hosts}-{ProfileEditor.settle}",
        on_submit=ProfileEditor.keep_site,
        class_name="line-form",
    )
    return rx.el.details(rx.el.summary("Site", class_name="fold"), form, class_name="profile-card", aria_label="Site")


def _part() -> rx.Component:
    choice = rx.el.label(
        rx.el.span("Part", class_name="field-label"),
        rx.el.select(
            rx.foreach(ProfileEditor.parts, lambda name: rx.el.option(name, value=name)),
            value=ProfileEditor.part_name,
            on_change=ProfileEditor.choose_part,
            class_name="choice",
        ),
        class_name="field-block",
    )
    form = rx.el.form(
        long_field("As JSON", "text", rows="14", default_value=ProfileEditor.part_text, spell_check=False),
        rx.el.div(rx.button("Keep these changes", variant="surface", type="submit"), class_name="form-buttons"),
        key=f"part-{ProfileEditor.part_name}-{ProfileEditor.part_text}",
        on_submit=ProfileEditor.keep_part,
        class_name="line-form",
    )
    return rx.el.details(
        rx.el.summary("Every part, as JSON", class_name="fold"),
        choice,
        form,
        class_name="profile-card mono",
    )


def _button(icon: str, label: str, on_click: Any, *, is_off: Any = False) -> rx.Component:  # noqa: ANN401 -- an event, a Var
    return rx.button(
        rx.icon(icon, size=15, aria_hidden="true"), label, variant="surface", on_click=on_click, disabled=is_off
    )


def _icon(icon: str, label: Any, on_click: Any, is_off: Any = False) -> rx.Component:  # noqa: ANN401, FBT002 -- Vars
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        type="button",
        aria_label=label,
        on_click=on_click,
        disabled=is_off,
        class_name="icon-button",
    )
