"""People and approvals: teams, absences, who approves what, reminders and limits, for an administrator."""

from typing import Any

import reflex as rx

from models.enums import ApproverKind, Role
from pages.review.policy_form import policy_form
from pages.review.standing_in import absences, attorney_choice, delegations
from pages.ui.callout import error_callout
from pages.ui.confirm import confirm
from pages.ui.fields import text_field
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.page_header import page_header
from pages.ui.result import result_bar
from pages.ui.shell import shell
from state.review.approval_desk import ApprovalDesk
from state.review.standing_in import StandingIn
from state.review.team_desk import TeamDesk


def people() -> rx.Component:
    """Return the page."""
    return shell(
        page_header("People and approvals", "Teams, substitutes, who approves from which amount, and reminders"),
        result_bar(TeamDesk.done, on_dismiss=TeamDesk.dismiss),
        result_bar(ApprovalDesk.done, on_dismiss=ApprovalDesk.dismiss),
        result_bar(StandingIn.done, on_dismiss=StandingIn.dismiss),
        _teams(),
        absences("Absences", "Nobody is away, now or later."),
        delegations("Acting for each other", "Nobody acts for anybody."),
        _rules(),
        _steps(),
        policy_form(),
        current="/people",
        roles=(Role.ADMIN,),
    )


def _teams() -> rx.Component:
    new = rx.button(rx.icon("plus", size=15, aria_hidden="true"), "New team", on_click=TeamDesk.ask(""))
    rows = rx.el.ul(rx.foreach(TeamDesk.teams, _team), class_name="desk-list")
    empty = rx.el.p("There are no teams. A lead sees what waits for the team, and hears when it waits too long.",
                    class_name="muted")  # fmt: skip
    return rx.el.section(
        rx.el.div(rx.el.h2("Teams", class_name="panel-title"), new, class_name="desk-head"),
        rx.cond(TeamDesk.is_open, rx.fragment(), error_callout(TeamDesk.problem)),
        rx.cond(TeamDesk.teams.length() > 0, rows, empty),
        _team_dialog(),
        class_name="desk-section",
    )


def _team(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    delete = confirm(
        rx.button("Delete", variant="outline", color_scheme="gray"),
        title="Delete this team?",
        consequence="Its people are in no team then, and its lead does not see what waits for them.",
        action="Delete the team",
        on_confirm=TeamDesk.delete(row.id, row.version),
        is_destructive=True,
    )
    change = rx.button("Change", variant="outline", color_scheme="gray", on_click=TeamDesk.ask(row.id))
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.name, ", led by ", row.lead, class_name="row-title"),
            rx.el.span(row.members, class_name="row-hint"),
            class_name="row-words",
        ),
        rx.el.div(change, delete, class_name="desk-buttons"),
        key=row.id,
        class_name="desk-row",
    )


def _team_dialog() -> rx.Component:
    editing = TeamDesk.editing
    members = rx.el.fieldset(
        rx.el.legend("Who is in it?", class_name="field-label"),
        rx.foreach(TeamDesk.attorneys, _member),
        tab_index=0,
        class_name="reasons people-boxes",
    )
    return note_dialog(
        is_open=TeamDesk.is_open,
        on_open_change=TeamDesk.close,
        on_submit=TeamDesk.save,
        title=rx.cond(editing.id == "", "New team", f"Team {editing.name}"),
        text="The lead reads what waits for the team and reminds; approving takes a right of its own.",
        fields=(
            text_field("Name", "name", default_value=editing.name, required=True, max_length=80),
            attorney_choice("lead", "Who leads it?", TeamDesk.attorneys, editing.lead_id),
            members,
        ),
        problem=TeamDesk.problem,
        action=rx.button("Save", type="submit"),
    )


def _member(one: Any) -> rx.Component:  # noqa: ANN401
    box = rx.el.input(
        type="checkbox", name=f"member_{one[0]}", default_checked=TeamDesk.editing.member_ids.contains(one[0])
    )
    return rx.el.label(box, rx.el.span(one[1]), key=one[0], class_name="check-line")


def _rules() -> rx.Component:
    new = rx.button(rx.icon("plus", size=15, aria_hidden="true"), "New rule", on_click=ApprovalDesk.ask(True))
    rows = rx.el.ul(rx.foreach(ApprovalDesk.rules, _rule), class_name="desk-list")
    empty = rx.el.p("Responsible attorneys approve alone. A rule asks somebody else too.", class_name="muted")
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Who approves besides the responsible attorney", class_name="panel-title"),
            new,
            class_name="desk-head",
        ),
        rx.cond(ApprovalDesk.is_open, rx.fragment(), error_callout(ApprovalDesk.problem)),
        rx.cond(ApprovalDesk.rules.length() > 0, rows, empty),
        _rule_dialog(),
        class_name="desk-section",
    )


def _rule(row: Any) -> rx.Component:  # noqa: ANN401
    end = confirm(
        rx.button("End", variant="outline", color_scheme="gray"),
        title="End this rule?",
        consequence="New bills are not asked about by it any more; steps that wait already are asked for still.",
        action="End the rule",
        on_confirm=ApprovalDesk.end(row.id, row.version),
    )
    return rx.el.li(
        rx.el.span(row.stage, class_name="badge"),
        rx.el.div(
            rx.el.span(row.who, class_name="row-title"),
            rx.el.span(row.what, " · ", row.mode, class_name="row-hint"),
            class_name="row-words",
        ),
        rx.el.div(end, class_name="desk-buttons"),
        key=row.id,
        class_name="desk-row",
    )


def _rule_dialog() -> rx.Component:
    kind = rx.el.label(
        rx.el.span("Who?", class_name="field-label"),
        rx.el.select(
            rx.el.option("The lead of the attorney's team", value=ApproverKind.TEAM_LEAD.value),
            rx.el.option("Any administrator", value=ApproverKind.ADMIN.value),
            rx.el.option("A person", value=ApproverKind.PERSON.value),
            value=ApprovalDesk.kind,
            on_change=ApprovalDesk.choose_kind,
            class_name="choice field",
        ),
        class_name="field-block",
    )
    person = rx.cond(
        ApprovalDesk.kind == ApproverKind.PERSON.value,
        attorney_choice("approver", "Which person?", ApprovalDesk.people),
    )
    mode = rx.el.label(
        rx.el.span("Several at this stage", class_name="field-label"),
        rx.el.select(
            rx.el.option("All of them must approve", value="all"),
            rx.el.option("One of them suffices", value="any"),
            name="mode",
            class_name="choice field",
        ),
        class_name="field-block",
    )
    numbers = rx.el.div(
        text_field("Stage, 2 to 9 after the attorney", "stage", default_value="2", input_mode="numeric", required=True),
        text_field("From an amount of, in dollars", "amount", input_mode="decimal", placeholder="0"),
        class_name="field-row",
    )
    return note_dialog(
        is_open=ApprovalDesk.is_open,
        on_open_change=ApprovalDesk.ask,
        on_submit=ApprovalDesk.add,
        title="New rule",
        text="Rules add up, stage by stage. Those of one stage are asked at the same time; stage 1 is the attorney's.",
        fields=(kind, person, numbers, mode, text_field("Matter number, or nothing for all", "matter", max_length=20)),
        problem=ApprovalDesk.problem,
        action=rx.button("Save", type="submit"),
    )


def _steps() -> rx.Component:
    rows = rx.el.ul(rx.foreach(ApprovalDesk.steps, _step), class_name="desk-list")
    section = rx.el.section(
        rx.el.h2("Approvals that wait", class_name="panel-title"), rows, _passing_dialog(), class_name="desk-section"
    )
    return rx.cond((ApprovalDesk.steps.length() > 0) | (ApprovalDesk.passing != ""), section)


def _step(row: Any) -> rx.Component:  # noqa: ANN401
    other = rx.button(
        "Ask somebody else", variant="outline", color_scheme="gray", on_click=ApprovalDesk.ask_passing(row.id)
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(link(row.matter, href=row.href, class_name="text-link"), " ", money(row.amount),
                       class_name="row-title"),
            rx.el.span(row.who, ", ", row.stage, ", ", row.since, class_name="row-hint"),
            class_name="row-words",
        ),
        rx.el.div(other, class_name="desk-buttons"),
        key=row.id,
        class_name="desk-row",
    )  # fmt: skip


def _passing_dialog() -> rx.Component:
    return note_dialog(
        is_open=ApprovalDesk.passing != "",
        on_open_change=ApprovalDesk.close_passing,
        on_submit=ApprovalDesk.pass_on,
        title=f"Ask somebody else: {ApprovalDesk.passing_title}",
        text="The former approver is not asked any more. Nobody approves one bill twice.",
        fields=(attorney_choice("to", "Who should approve?", ApprovalDesk.people), note_field("Why? (optional)")),
        problem=ApprovalDesk.passing_problem,
        action=rx.button("Ask", type="submit"),
    )
