"""All messages: what failed, bounced or is in doubt, what waits, and addresses that bounce; for administrators."""

from typing import Any

import reflex as rx

from models.enums import DeliveryStatus, Role
from pages.notifications.parts import places
from pages.ui.callout import error_callout
from pages.ui.confirm import confirm
from pages.ui.data_table import Column, data_table
from pages.ui.empty_state import empty_state
from pages.ui.filters import Filter, filters
from pages.ui.page_header import page_header
from pages.ui.result import result_bar
from pages.ui.shell import shell
from pages.ui.status_badge import status_badge
from state.notifications.delivery_list import DeliveryBoard

_PATH = "/notifications/deliveries"


def deliveries() -> rx.Component:
    """Return the page."""
    return shell(
        page_header("Notifications", "Every mail, text and Slack message the portal sent, and what became of it."),
        places(_PATH),
        error_callout(DeliveryBoard.problem),
        result_bar(DeliveryBoard.done, on_dismiss=DeliveryBoard.dismiss),
        rx.cond(DeliveryBoard.bouncing.length() > 0, _bouncing()),
        filters(
            "Messages",
            DeliveryBoard.view,
            Filter("Did not arrive", _PATH, "", DeliveryBoard.trouble),
            Filter("Waiting", f"{_PATH}?view=waiting", "waiting", DeliveryBoard.waiting),
            Filter("Sent", f"{_PATH}?view=sent", "sent", DeliveryBoard.sent),
            Filter("All", f"{_PATH}?view=all", "all"),
        ),
        data_table(
            DeliveryBoard,
            caption="Messages",
            columns=_COLUMNS,
            card=_card,
            empty=empty_state("No message here", "None is in this state.", icon="mail-check"),
            search_label="Search person or address",
            export="messages",
        ),
        current="/notifications",
        roles=(Role.ADMIN,),
    )


def _bouncing() -> rx.Component:
    def one(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        works = rx.el.button(
            "It works again",
            type="button",
            on_click=DeliveryBoard.trust(row.user_id),
            aria_label=f"It works again: the address of {row.person}",
            class_name="traffic",
        )
        return rx.el.li(
            rx.el.span(
                rx.el.span(row.person, class_name="card-title"),
                rx.el.span(f"{row.address} · since {row.since} UTC", class_name="row-hint"),
                rx.el.span(row.reason, class_name="row-hint why"),
                rx.cond(row.waiting != "", rx.el.span(row.waiting, class_name="row-hint")),
                class_name="row-words",
            ),
            works,
            key=row.user_id,
            class_name="bouncing-row",
        )

    return rx.el.section(
        rx.el.h2("Addresses that bounce", class_name="section-title"),
        rx.el.p("No mail goes there until somebody says that the address works again.", class_name="muted"),
        rx.el.ul(rx.foreach(DeliveryBoard.bouncing, one), class_name="bouncing"),
        class_name="choice-section",
    )


def _person(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.span(
        rx.el.span(row.person, class_name="card-title nowrap"),
        rx.el.span(row.address, class_name="row-hint"),
        class_name="row-words",
    )


def _what(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.span(f"{row.channel} · {row.what}", class_name="nowrap")


def _failure(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.span(row.failure, class_name="delivery-why", title=row.failure)


def _buttons(row: Any) -> rx.Component:  # noqa: ANN401
    again = confirm(
        rx.el.button("Send again", type="button", aria_label=f"Send again to {row.person}", class_name="traffic"),
        title=f"Send it again to {row.person}?",
        consequence="It goes as a new message with what is still unread. Where it is in doubt, it may come twice.",
        action="Send again",
        on_confirm=DeliveryBoard.resend(row.id, row.version),
    )
    stop = rx.el.button(
        "Do not send",
        type="button",
        on_click=DeliveryBoard.withdraw(row.id, row.version),
        aria_label=f"Do not send to {row.person}",
        class_name="traffic",
    )
    return rx.el.div(rx.cond(row.can_resend, again), rx.cond(row.can_withdraw, stop), class_name="traffic-pair")


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_person(row), status_badge(DeliveryStatus, row.status), class_name="card-head"),
        rx.el.p(_what(row), " · ", row.when, class_name="muted"),
        rx.cond(row.failure != "", rx.el.p(row.failure)),
        _buttons(row),
    )


_COLUMNS = (
    Column("Person", _person),
    Column("Message", _what, width="150px"),
    Column("State", lambda row: status_badge(DeliveryStatus, row.status), width="130px"),
    Column("When (UTC)", lambda row: rx.el.span(row.when, class_name="nowrap tabular-nums"), width="190px"),
    Column("What the server said", _failure),
    Column("Change", _buttons, align="end", width="130px"),
)
