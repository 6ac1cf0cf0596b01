"""What reaches me: each kind by mail, phone and chat; my hours, my phone, my Slack, and tests of each."""

from typing import Any

import reflex as rx

from pages.notifications.notices import EVERYBODY
from pages.notifications.parts import places
from pages.ui.callout import error_callout, notice
from pages.ui.confirm import confirm
from pages.ui.fields import text_field
from pages.ui.page_header import page_header
from pages.ui.result import result_bar
from pages.ui.shell import shell
from state.notifications.choices import RHYTHMS, ZONES, NotificationChoices

_EVERYTHING = "all"
_FRAME = "table-frame choices-frame"


def preferences() -> rx.Component:
    """Return the page."""
    parts = rx.fragment(
        rx.cond(NotificationChoices.bounce != "", _bounce()),
        _refused("email"),
        rx.el.div(_mail(), _phone(), _chat(), class_name="choice-parts"),
        _kinds(),
        _clock(),
    )
    return shell(
        page_header("Notifications", "The bell tells everything. Choose what reaches you elsewhere, and when."),
        places("/notifications/preferences"),
        error_callout(NotificationChoices.failure),
        result_bar(NotificationChoices.done, on_dismiss=NotificationChoices.dismiss),
        rx.cond(NotificationChoices.is_loading, _skeleton(), parts),
        current="/notifications",
        roles=EVERYBODY,
    )


def _refused(part: str) -> rx.Component:
    return rx.cond(NotificationChoices.problem_of == part, error_callout(NotificationChoices.problem))


def _bounce() -> rx.Component:
    works = rx.button("My address works again", variant="surface", on_click=NotificationChoices.trust_address)
    text = f"Mail to {NotificationChoices.email} came back, and what you were told waits: {NotificationChoices.bounce}"
    return notice(text, works, tone="red", icon="mail-warning")


def _section(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name="section-title"), *content, class_name="choice-part")


def _test(channel: str, what: str, result: rx.Var[str]) -> rx.Component:
    button = rx.button(
        "Send a test",
        variant="surface",
        type="button",
        on_click=NotificationChoices.test(channel),
        aria_label=f"Send a test {what}",
    )
    return rx.el.div(button, rx.el.span(result, role="status", class_name="muted"), class_name="choice-test")


def _mail() -> rx.Component:
    return _section(
        "E-mail",
        rx.el.p(NotificationChoices.email, class_name="choice-address"),
        rx.el.p("Your firm's address, from your account. Several notices become one mail.", class_name="row-hint"),
        _test("email", "mail", NotificationChoices.email_test),
    )


def _phone() -> rx.Component:
    ask = rx.el.form(
        text_field(
            "Mobile number",
            "phone",
            type="tel",
            auto_complete="tel",
            placeholder="+1 212 555 0123",
            required=True,
            max_length=40,
        ),
        rx.el.div(rx.button("Send me a code", variant="surface", type="submit"), class_name="form-buttons"),
        key=f"phone-{NotificationChoices.rounds['phone']}",
        on_submit=NotificationChoices.send_code,
        reset_on_submit=False,
        class_name="line-form",
    )
    confirm_form = rx.el.form(
        text_field(
            "The code in the text",
            "code",
            input_mode="numeric",
            auto_complete="one-time-code",
            required=True,
            max_length=12,
        ),
        rx.el.div(rx.button("Confirm", type="submit"), class_name="form-buttons"),
        key=f"code-{NotificationChoices.rounds['phone']}",
        on_submit=NotificationChoices.confirm_code,
        class_name="line-form",
    )
    forget = confirm(
        rx.button("Delete number", variant="soft", color_scheme="gray", type="button"),
        title="Delete your number?",
        consequence="No texts are sent any more. What you chose by kind is kept.",
        action="Delete number",
        on_confirm=NotificationChoices.forget_phone,
        is_destructive=True,
    )
    ready = rx.fragment(_test("sms", "text", NotificationChoices.phone_test), rx.el.div(forget))
    waits = rx.cond(NotificationChoices.is_code_under_way, confirm_form)
    stored = rx.el.p(
        NotificationChoices.phone,
        rx.cond(NotificationChoices.is_phone_verified, "", " · not confirmed yet"),
        class_name="choice-address",
    )
    return _section(
        "Texts to your phone",
        rx.cond(NotificationChoices.phone != "", stored),
        _refused("phone"),
        rx.cond(NotificationChoices.is_phone_verified, ready, rx.fragment(waits, ask)),
    )


def _chat() -> rx.Component:
    form = rx.el.form(
        text_field(
            rx.cond(NotificationChoices.has_webhook, "Another webhook", "Address of your incoming webhook"),
            "webhook",
            type="password",
            placeholder="https://hooks.slack.com/services/…",
            required=True,
            max_length=500,
        ),
        rx.el.div(rx.button("Store", variant="surface", type="submit"), class_name="form-buttons"),
        key=f"chat-{NotificationChoices.rounds['chat']}",
        on_submit=NotificationChoices.store_webhook,
        class_name="line-form",
    )
    delete = confirm(
        rx.button("Delete webhook", variant="soft", color_scheme="gray", type="button"),
        title="Delete your webhook?",
        consequence="Nothing is posted any more. What you chose by kind is kept.",
        action="Delete webhook",
        on_confirm=NotificationChoices.delete_webhook,
        is_destructive=True,
    )
    ready = rx.fragment(
        rx.el.p("A webhook is stored, sealed.", class_name="choice-address"),
        _test("slack", "Slack message", NotificationChoices.chat_test),
        rx.el.div(delete),
    )
    return _section(
        "Slack",
        rx.cond(NotificationChoices.has_webhook, ready),
        rx.el.p("Make an incoming webhook that posts to you alone. It is never shown again.", class_name="row-hint"),
        _refused("chat"),
        form,
    )


def _kinds() -> rx.Component:
    head = rx.el.thead(
        rx.el.tr(*(rx.el.th(title, scope="col") for title in ("Kind", "E-mail", "Text", "Slack"))),
    )
    everything = rx.el.tr(
        rx.el.th("Everything", scope="row"),
        rx.el.td(_mail_choice(_EVERYTHING, "everything", "", "Set all…")),
        rx.el.td(_both("text", "phone", NotificationChoices.choose_phone)),
        rx.el.td(_both("Slack", "chat", NotificationChoices.choose_chat)),
        class_name="choice-all",
    )
    table = rx.el.table(
        rx.el.caption("What reaches me by which channel", class_name="sr-only"),
        head,
        rx.el.tbody(everything, rx.foreach(NotificationChoices.rows, _kind_row)),
        class_name="table choices",
    )
    cards = rx.el.ul(_every_card(), rx.foreach(NotificationChoices.rows, _kind_card), class_name="cards")
    return rx.el.section(
        rx.el.h2("By kind", class_name="section-title"),
        _refused("kinds"),
        rx.el.div(table, tab_index=0, role="region", aria_label="Kinds and channels", class_name=_FRAME),
        cards,
        class_name="choice-section",
    )


def _kind_row(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    name = rx.el.span(row.title, rx.el.span(row.what, class_name="row-hint"), class_name="row-words")
    return rx.el.tr(
        rx.el.th(name, scope="row"),
        rx.el.td(_mail_choice(row.kind, row.title, row.email)),
        rx.el.td(_phone_box(row)),
        rx.el.td(_chat_box(row)),
        key=row.kind,
    )


def _kind_card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.li(
        rx.el.p(row.title, class_name="card-title"),
        rx.el.p(row.what, class_name="muted"),
        rx.el.div(
            _mail_choice(row.kind, row.title, row.email),
            rx.el.label(_phone_box(row), rx.el.span("Text"), class_name="bench-check"),
            rx.el.label(_chat_box(row), rx.el.span("Slack"), class_name="bench-check"),
            class_name="choice-line",
        ),
        key=row.kind,
        class_name="card",
    )


def _every_card() -> rx.Component:
    texts = _both("text", "phone", NotificationChoices.choose_phone)
    posts = _both("Slack", "chat", NotificationChoices.choose_chat)
    return rx.el.li(
        rx.el.p("Everything", class_name="card-title"),
        _mail_choice(_EVERYTHING, "everything", "", "Set all…"),
        rx.el.div(rx.el.span("Text"), texts, class_name="choice-line"),
        rx.el.div(rx.el.span("Slack"), posts, class_name="choice-line"),
        class_name="card",
    )


def _mail_choice(kind: Any, title: Any, rhythm: Any, nothing: str = "") -> rx.Component:  # noqa: ANN401 -- Vars
    options = (rx.el.option(label, value=value) for value, label in RHYTHMS)
    first = [rx.el.option(nothing, value="", disabled=True)] if nothing else []
    return rx.el.select(
        *first,
        *options,
        value=rhythm,
        on_change=lambda chosen: NotificationChoices.choose_mail(kind, chosen),
        aria_label=f"E-mail of {title}",
        class_name="choice",
    )


def _phone_box(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.input(
        type="checkbox",
        checked=row.by_phone,
        disabled=~NotificationChoices.is_phone_verified & ~row.by_phone,
        on_change=lambda is_on: NotificationChoices.choose_phone(row.kind, is_on),
        aria_label=f"Text of {row.title}",
    )


def _chat_box(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.input(
        type="checkbox",
        checked=row.by_chat,
        disabled=~NotificationChoices.has_webhook & ~row.by_chat,
        on_change=lambda is_on: NotificationChoices.choose_chat(row.kind, is_on),
        aria_label=f"Slack message of {row.title}",
    )


def _both(what: str, part: str, choose: Any) -> rx.Component:  # noqa: ANN401 -- an event handler
    is_off = ~NotificationChoices.is_phone_verified if part == "phone" else ~NotificationChoices.has_webhook
    return rx.el.span(
        *(
            rx.el.button(
                label,
                type="button",
                disabled=is_off if is_on else False,
                on_click=choose(_EVERYTHING, is_on),
                aria_label=f"{label}: a {what} of every kind",
                class_name="traffic",
            )
            for label, is_on in (("All", True), ("None", False))
        ),
        class_name="choice-both",
    )


def _clock() -> rx.Component:
    zones = (rx.el.option(name.replace("_", " "), value=name) for name in ZONES)
    box = rx.el.input(type="checkbox", name="weekends", default_checked=NotificationChoices.is_quiet_on_weekends)
    zone = rx.el.label(
        rx.el.span("Time zone", class_name="field-label"),
        rx.el.select(
            rx.el.option(f"The firm's: {NotificationChoices.firm_zone}", value=""),
            *zones,
            name="zone",
            default_value=NotificationChoices.zone,
            class_name="field",
        ),
        class_name="field-block",
    )
    form = rx.el.form(
        rx.el.div(
            zone,
            _time("Daily mail at", "daily_at", NotificationChoices.daily_at),
            _time("Quiet from", "quiet_from", NotificationChoices.quiet_from),
            _time("Quiet until", "quiet_until", NotificationChoices.quiet_until),
            class_name="clock-fields",
        ),
        rx.el.label(box, rx.el.span("Quiet on Saturdays and Sundays too"), class_name="step-check"),
        rx.el.p(
            "In quiet hours mails, texts and Slack messages wait, and come together when they end. Nothing is lost.",
            class_name="row-hint",
        ),
        rx.el.div(rx.button("Store my hours", type="submit"), class_name="form-buttons"),
        key=f"clock-{NotificationChoices.rounds['clock']}",
        on_submit=NotificationChoices.keep_clock,
        reset_on_submit=False,
        class_name="line-form",
    )
    return rx.el.section(
        rx.el.h2("My hours", class_name="section-title"), _refused("clock"), form, class_name="choice-section"
    )


def _time(label: str, name: str, value: rx.Var[str]) -> rx.Component:
    field = rx.el.input(type="time", name=name, default_value=value, class_name="field")
    return rx.el.label(rx.el.span(label, class_name="field-label"), field, class_name="field-block")


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, class_name="skeleton-row") for _ in range(8)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
        class_name="skeleton-frame",
    )
