"""Carriers: where each bill goes, whether it may go, and with which log-in; for administrators."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.responses.acceptance import acceptance
from pages.sites.carrier_form import new_carrier_button, new_carrier_dialog
from pages.sites.delivery import delivery_button, delivery_dialog
from pages.ui.confirm import confirm
from pages.ui.data_table import Column, data_table
from pages.ui.empty_state import empty_state
from pages.ui.fields import text_field
from pages.ui.link import link
from pages.ui.note_dialog import note_dialog
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from pages.ui.status_badge import Look, badge
from pages.uploads.traffic_dialog import traffic_button, traffic_dialog
from state.sites.carriers import Carriers
from state.sites.login_form import EVERY_DAYS, EXPIRES_ON, LoginForm

_RUNNING = Look("green", "check", "Running")
_WAITING = Look("amber", "clock", "Waiting")
_HELD = Look("grey", "clock", "Holds back")
_PAUSED = Look("amber", "pause", "Paused")
_NOT_PERMITTED = Look("red", "ban", "Nobody recorded")


def carriers() -> rx.Component:
    """Return the page."""
    return shell(
        page_header(
            "Carriers",
            "Sites, accounts and permissions. Log-ins can be written here, never read.",
            new_carrier_button(),
        ),
        data_table(
            Carriers,
            caption="Carriers",
            columns=_COLUMNS,
            card=_card,
            empty=empty_state("No carrier found", "Clear the search to see them all."),
            export="carriers",
            search_label="Search carrier, code, site or account",
        ),
        traffic_dialog(),
        _login_dialog(),
        new_carrier_dialog(),
        delivery_dialog(),
        current="/carriers",
        roles=(Role.ADMIN,),
    )


def _login_dialog() -> rx.Component:
    fields = rx.foreach(
        LoginForm.fields,
        lambda field: rx.el.div(
            text_field(
                field.label,
                field.name,
                type=rx.cond(field.is_secret, "password", "text"),
                placeholder="Leave empty to keep what is stored",
                spell_check=False,
            ),
            rx.el.p(field.stored, rx.cond(field.hint != "", f". {field.hint}", ""), class_name="row-hint"),
        ),
    )
    return note_dialog(
        is_open=LoginForm.is_open,
        on_open_change=LoginForm.close,
        on_submit=LoginForm.store,
        title=f"Log-in of {LoginForm.title}",
        text=f"Used for {LoginForm.used_by}. Values are sealed at once and never shown again.",
        fields=(rx.el.div(fields, _expiry_fields(), key=LoginForm.round.to_string(), class_name="login-fields"),),
        problem=LoginForm.problem,
        action=rx.fragment(rx.cond(LoginForm.has_login, _delete_button()), rx.button("Store", type="submit")),
    )


def _expiry_fields() -> rx.Component:
    return rx.el.div(
        text_field("Password ends on", EXPIRES_ON, type="date", default_value=LoginForm.expires_on),
        text_field(
            "New one every … days",
            EVERY_DAYS,
            type="number",
            min="1",
            max="3660",
            input_mode="numeric",
            default_value=LoginForm.every_days,
        ),
        rx.el.p(
            "Leave both empty where the site asks for none. With a number of days the next end follows from each new "
            "password. Administrators are reminded 14, 7, 3 and 1 days before, and on the day.",
            class_name="row-hint",
        ),
        class_name="login-expiry",
    )


def _delete_button() -> rx.Component:
    return confirm(
        rx.button("Delete", variant="soft", color_scheme="red", type="button", class_name="delete-login"),
        title=f"Delete the log-in of {LoginForm.title}?",
        consequence=f"Its files wait until a log-in is stored again. This stops {LoginForm.used_by}.",
        action="Delete log-in",
        on_confirm=LoginForm.delete,
        is_destructive=True,
    )


def _carrier(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.span(
        rx.el.span(row.name, class_name="card-title"),
        rx.el.span(
            row.client_code,
            " · ",
            link(
                "Guidelines",
                href=f"/carriers/{row.id}/guidelines",
                aria_label=f"Guidelines of {row.name}",
                class_name="text-link rules-link",
            ),
            " · ",
            link(
                "Profile",
                href=f"/carriers/{row.id}/profile",
                aria_label=f"Profile of {row.name}",
                class_name="text-link rules-link",
            ),
            class_name="row-hint",
        ),
        rx.cond(row.delivery != "", rx.el.span(row.delivery, class_name="row-hint")),
        class_name="row-words nowrap",
    )


def _site(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.span(
        row.site,
        rx.el.span(f"{row.platform} {row.profile} · {row.account}", class_name="row-hint", title="Profile, account"),
        class_name="row-words",
    )


def _state(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.span(
        _traffic(row),
        rx.cond(row.held != "", rx.el.span(row.held, class_name="row-hint")),
        rx.cond(row.reason != "", rx.el.span(row.reason, title=row.reason, class_name="row-hint why")),
        rx.cond(row.stopped_by != "", rx.el.span(row.stopped_by, class_name="row-hint")),
        rx.cond(row.drift != "", _drift(row)),
        class_name="row-words",
    )


def _drift(row: Any) -> rx.Component:  # noqa: ANN401
    return link(
        row.drift,
        href=f"/carriers/{row.id}/profile",
        aria_label=f"{row.drift}: what the nightly walk found at {row.name}",
        class_name="text-link row-hint ends-soon",
    )


def _traffic(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.match(
        row.state,
        ("paused", badge(_PAUSED)),
        ("waiting", badge(_WAITING)),
        ("held", badge(_HELD)),
        badge(_RUNNING),
    )


def _health(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.span(_last_login(row), acceptance(row.acceptance), class_name="row-words")


def _last_login(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.span(
        rx.el.span(row.last_login, class_name="nowrap tabular-nums"),
        rx.cond(row.expires != "", _expires(row)),
        class_name="row-words nowrap",
    )


def _expires(row: Any) -> rx.Component:  # noqa: ANN401
    kind = rx.cond(row.is_expiring, "row-hint ends-soon", "row-hint")
    return rx.el.span(row.expires, title="The end of the password", class_name=kind)


def _permission(row: Any) -> rx.Component:  # noqa: ANN401
    given = rx.el.span(row.permission, class_name="clip short", title=row.permission)
    return rx.cond(row.permission != "", given, badge(_NOT_PERMITTED))


def _buttons(row: Any) -> rx.Component:  # noqa: ANN401
    login = rx.el.button(
        rx.icon("key-round", size=15, aria_hidden="true"),
        "Log-in",
        type="button",
        on_click=LoginForm.open(row.site_account_id),
        aria_label=f"Enter the log-in of {row.name}",
        class_name="traffic",
    )
    return rx.el.div(
        login,
        delivery_button(row),
        traffic_button("carrier", row.id, row.name, row.is_carrier_paused),
        traffic_button("account", row.site_account_id, row.site, row.is_account_paused),
        class_name="traffic-pair",
    )


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_carrier(row), _traffic(row), class_name="card-head"),
        rx.el.p(f"{row.site} · platform {row.platform} · account {row.account}", class_name="muted"),
        rx.el.p(f"Last log-in {row.last_login} · profile {row.profile}", class_name="muted"),
        rx.cond(row.expires != "", rx.el.p("Password: ", _expires(row), class_name="muted")),
        rx.cond(row.held != "", rx.el.p(row.held, class_name="muted")),
        rx.cond(row.reason != "", rx.el.p(row.reason)),
        rx.cond(row.stopped_by != "", rx.el.p(row.stopped_by, class_name="muted")),
        rx.cond(row.drift != "", rx.el.p(_drift(row))),
        rx.cond(row.acceptance.percent != "", rx.el.p("Accepted: ", acceptance(row.acceptance), class_name="muted")),
        rx.el.p(rx.el.span("Automation: ", class_name="muted"), _permission(row)),
        _buttons(row),
    )


_COLUMNS = (
    Column("Carrier", _carrier),
    Column("Site, profile and account", _site),
    Column("Last log-in, accepted", _health),
    Column("Traffic", _state, width="150px"),
    Column("Automation allowed", _permission),
    Column("Change", _buttons),
)
