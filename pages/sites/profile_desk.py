"""Around a profile's draft: the import and what it left out, dry run, versions, the permission to automate."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout, notice
from pages.ui.fields import long_field, text_field
from pages.ui.file_link import file_link
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.status_badge import Look, badge
from state.sites.profile_desk import ProfileDesk
from state.sites.profile_editor import ProfileEditor

_IN_FORCE = Look("green", "check", "In force")
_RESULTS = {
    "done": Look("green", "check", "Done"),
    "failed": Look("red", "x", "Failed"),
    "seen": Look("grey", "eye", "On the page"),
    "not_seen": Look("grey", "eye-off", "Not on the page"),
}


def import_report() -> rx.Component:
    """Return what the last import could not carry and what is to be checked."""
    box = rx.el.section(
        notice(
            ProfileDesk.imported,
            rx.el.button("Put away", type="button", on_click=ProfileDesk.forget_import, class_name="line-change"),
            tone="blue",
            icon="file-check",
        ),
        _told("To check and to complete", ProfileDesk.remarks),
        _told("Not carried", ProfileDesk.left_out),
        aria_label="Import",
        class_name="profile-import",
    )
    return rx.cond(ProfileDesk.imported != "", box)


def import_dialog() -> rx.Component:
    """Return the question for a file; assets/guidelines.js reads the chosen file into the field."""
    chooser = rx.el.label(
        rx.el.span("File", class_name="field-label"),
        rx.el.input(
            type="file",
            accept=".json,.side",
            custom_attrs={"data-reads-into": "recording-text"},
            class_name="field file-field",
        ),
        class_name="field-block",
    )
    return note_dialog(
        is_open=ProfileDesk.is_importing,
        on_open_change=ProfileDesk.ask_import,
        on_submit=ProfileDesk.take_recording,
        title="Import a recording or a profile",
        text=(
            "A Chrome DevTools Recorder export (JSON), a Selenium IDE project (.side), or a profile exported here. "
            "Passwords typed in a recording are not kept."
        ),
        fields=(
            chooser,
            long_field("Or paste it", "content", rows="6", id="recording-text", spell_check=False, required=True),
        ),
        problem=ProfileDesk.problem,
        action=rx.button("Put into the draft", type="submit"),
    )


def save_dialog() -> rx.Component:
    """Return the question why a draft is saved, and the one why a version comes into force."""
    return rx.fragment(
        note_dialog(
            is_open=ProfileDesk.is_saving,
            on_open_change=ProfileDesk.ask_save,
            on_submit=ProfileDesk.save,
            title="Save as a new version",
            text="The version in force stays in force until you activate this one.",
            fields=(
                _told("What differs", ProfileDesk.differences),
                note_field("What changed and why", is_required=True),
            ),
            problem=ProfileDesk.problem,
            action=rx.button("Save version", type="submit"),
        ),
        note_dialog(
            is_open=ProfileDesk.activating != "",
            on_open_change=ProfileDesk.close_activate,
            on_submit=ProfileDesk.activate,
            title=f"Put version {ProfileDesk.activating} in force",
            text="Files under way keep the version they began with.",
            fields=(_told("What changes", ProfileDesk.differences), note_field("Why", is_required=True)),
            problem=ProfileDesk.problem,
            action=rx.button("Activate", type="submit"),
        ),
    )


def dry_run() -> rx.Component:
    """Return the dry run: one row and one picture a step, as the worker tells of them."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Dry run", class_name="pane-heading"),
            rx.button(
                rx.icon("footprints", size=15, aria_hidden="true"),
                "Dry run",
                variant="surface",
                on_click=ProfileDesk.dry_run,
                loading=ProfileDesk.is_running,
            ),
            class_name="card-head",
        ),
        rx.el.p("Signs in and walks to the upload. It gives no file and clicks nothing final.", class_name="muted"),
        error_callout(ProfileDesk.problem),
        rx.el.div(
            rx.cond(
                ProfileDesk.run_state != "",
                rx.el.p(
                    rx.el.span(ProfileDesk.run_state, class_name="card-strong"),
                    rx.el.span(f" · {ProfileDesk.run_at}", class_name="muted"),
                ),
            ),
            rx.cond(ProfileDesk.run_message != "", rx.el.p(ProfileDesk.run_message)),
            role="status",
        ),
        rx.el.ol(rx.foreach(ProfileDesk.run_steps, _run_step), class_name="run-steps"),
        aria_label="Dry run",
        class_name="profile-card",
    )


def _run_step(step: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    looks = [(result, badge(look)) for result, look in _RESULTS.items()]
    picture = file_link(
        rx.el.img(src=step.picture, alt=f"The page after: {step.label}", loading="lazy"),
        href=step.picture,
        target="_blank",
        class_name="run-picture",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.span(f"{step.list_title} {step.number}", class_name="row-hint"), " ", step.label),
            rx.el.p(
                rx.match(step.result, *looks, rx.fragment()),
                rx.el.span(step.taken, class_name="muted tabular-nums"),
                rx.cond(step.hits != "", rx.el.span(f"met {step.hits}", class_name="muted tabular-nums")),
                class_name="run-facts",
            ),
            class_name="min-w-0",
        ),
        rx.cond(step.picture != "", picture),
        key=step.key,
    )


def versions() -> rx.Component:
    """Return the saved versions with what can be done with each, and copying from another carrier."""
    copying = rx.el.form(
        rx.el.label(
            rx.el.span("Copy from another carrier", class_name="field-label"),
            rx.el.select(
                rx.foreach(ProfileEditor.others, lambda other: rx.el.option(other[1], value=other[0])),
                name="carrier",
                class_name="choice",
            ),
            class_name="field-block",
        ),
        rx.button("Copy as a new version", variant="surface", type="submit"),
        on_submit=ProfileEditor.copy_from,
        class_name="line-form",
    )
    comparison = rx.el.div(
        _told(ProfileDesk.compared, ProfileDesk.differences),
        rx.cond(ProfileDesk.differences.length() == 0, rx.el.p("Nothing differs.", class_name="muted")),
        rx.el.button("Put away", type="button", on_click=ProfileDesk.close_compare, class_name="line-change"),
    )
    return rx.el.section(
        rx.el.h2("Versions", class_name="pane-heading"),
        rx.el.ol(rx.foreach(ProfileEditor.versions, _version), class_name="versions"),
        rx.cond(ProfileDesk.compared != "", comparison),
        rx.cond(ProfileEditor.others.length() > 0, copying),
        aria_label="Versions",
        class_name="profile-card",
    )


def _version(version: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    def act(label: Any, on_click: Any) -> rx.Component:  # noqa: ANN401 -- a Var, an event
        return rx.el.button(
            label,
            type="button",
            on_click=on_click,
            aria_label=f"{label} version {version.number}",
            class_name="line-change",
        )

    others = rx.fragment(
        act(
            rx.cond(version.is_older, "Roll back…", "Activate…"),
            ProfileDesk.ask_activate(version.number),
        ),
        act("Compare", ProfileDesk.compare(version.number)),
    )
    return rx.el.li(
        rx.el.p(
            rx.el.span(f"Version {version.number}", class_name="revision-number"),
            " ",
            rx.cond(version.is_active, badge(_IN_FORCE)),
        ),
        rx.el.p(f"{version.author}, {version.at}", class_name="muted"),
        rx.cond(version.note != "", rx.el.p(version.note)),
        rx.el.div(
            rx.cond(version.is_active, rx.fragment(), others),
            act("Edit", ProfileEditor.open_version(version.number)),
            file_link(
                "Export", href=version.href, aria_label=f"Export version {version.number}", class_name="line-change"
            ),
            class_name="version-actions",
        ),
    )


def permission() -> rx.Component:
    """Return who allowed automation on the site, or the form to record it."""
    recording = rx.el.form(
        rx.el.label(
            rx.el.span("It rests on", class_name="field-label"),
            rx.el.select(
                rx.el.option("The carrier allowed it", value="carrier"),
                rx.el.option("Counsel read the site's terms", value="counsel"),
                name="basis",
                class_name="choice",
            ),
            class_name="field-block",
        ),
        text_field("Who, with office", "named", required=True, max_length=120),
        text_field("On", "given_on", type="date", required=True),
        text_field("Letter or e-mail", "reference", max_length=255),
        text_field("Conditions, as hours or robot user (kept by people)", "conditions", max_length=500),
        rx.button("Record permission", variant="surface", type="submit"),
        on_submit=ProfileDesk.permit,
        reset_on_submit=False,
        class_name="line-form",
    )
    ending = rx.el.details(
        rx.el.summary("Withdraw it", class_name="fold"),
        rx.el.form(
            note_field("Why it ends", is_required=True),
            rx.button("Withdraw permission", variant="surface", color_scheme="red", type="submit"),
            on_submit=ProfileDesk.withdraw,
            class_name="line-form",
        ),
    )
    return rx.el.section(
        rx.el.h2("Permission to automate", class_name="pane-heading"),
        rx.cond(
            ProfileEditor.permission != "",
            rx.fragment(rx.el.p(ProfileEditor.permission), ending),
            rx.fragment(
                rx.el.p(
                    "Nobody is recorded who allows it, so nothing is sent. Dry runs are possible.", class_name="muted"
                ),
                recording,
            ),
        ),
        aria_label="Permission to automate",
        class_name="profile-card",
    )


def _told(title: Any, rows: rx.Var[list[Any]]) -> rx.Component:  # noqa: ANN401 -- text or a Var
    def one(said: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return rx.el.li(rx.el.span(said.where, class_name="said-where"), rx.el.span(said.text))

    box = rx.el.div(rx.el.p(title, class_name="pane-heading"), rx.el.ul(rx.foreach(rows, one), class_name="said"))
    return rx.cond(rows.length() > 0, box)
