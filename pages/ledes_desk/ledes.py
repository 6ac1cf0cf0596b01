"""The LEDES workbench: drop a file of any origin, see what is wrong to the byte, mend it, convert it, compare it."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.ledes_desk.ledes_conversion import conversion_view
from pages.ledes_desk.ledes_findings import findings_view
from pages.ledes_desk.ledes_reading import compare_view, guidelines_view, invoices_view
from pages.ledes_desk.ledes_repairs import repairs_view
from pages.ui.callout import error_callout, notice
from pages.ui.confirm import confirm
from pages.ui.empty_state import empty_state
from pages.ui.file_link import file_link
from pages.ui.link import link
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from pages.ui.stat import stat, stats
from pages.ui.status_badge import Look, badge
from state.ledes_desk.ledes_bench import LARGEST_FILE, UPLOAD, LedesBench
from state.ledes_desk.ledes_conversion import LedesConversion
from state.ledes_desk.ledes_findings import LedesFindings
from state.ledes_desk.ledes_reading import LedesReading
from state.ledes_desk.ledes_repairs import LedesRepairs

_ROLES = (Role.BILLER, Role.ADMIN, Role.ATTORNEY)
_VALID = Look("green", "circle-check", "Valid")
_WARNED = Look("amber", "triangle-alert", "Valid, with warnings")
_FAULTY = Look("red", "octagon-x", "Not valid")
_OTHER = Look("red", "file-x", "Not LEDES")


def ledes() -> rx.Component:
    """Return the page."""
    return shell(
        page_header(
            "LEDES workbench",
            "Drop a file of any origin: what is wrong with it, byte by byte, and what can be mended without loss.",
        ),
        error_callout(LedesBench.problem),
        rx.cond(
            LedesBench.is_loading,
            _skeleton(),
            rx.cond(LedesBench.item.id == "", _start(), _open()),
        ),
        current="/ledes",
        roles=_ROLES,
    )


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, class_name="skeleton-row") for _ in range(6)),
        rx.el.p(
            rx.cond(LedesBench.reading == "", "Loading", f"Reading {LedesBench.reading}; a large file takes a while."),
            role="status",
            class_name="bench-note",
        ),
        class_name="skeleton-frame",
    )


def _start() -> rx.Component:
    return rx.fragment(
        rx.el.div(_carrier_choice(), class_name="toolbar"),
        _drop_zone(),
        rx.cond(LedesBench.files.length() > 0, _files()),
    )


def _drop_zone() -> rx.Component:
    most = f"{LARGEST_FILE / 1024 / 1024:.1f} MB"
    return rx.upload(
        rx.icon("file-up", size=26, aria_hidden="true"),
        rx.el.p(rx.cond(LedesBench.is_taking, "Reading the file…", "Drop a LEDES file here"), class_name="drop-title"),
        rx.el.p(f"1998B, 98BI V2, XML 2.0, 2.1 or 2.2, up to {most}", class_name="muted"),
        rx.el.span("Choose a file", class_name="plain-button"),
        rx.el.p(
            "Only you see it. It is kept for a day, then deleted; the audit trail keeps its name and checksum alone.",
            class_name="row-hint",
        ),
        id=UPLOAD,
        multiple=False,
        max_size=LARGEST_FILE,
        on_drop=[LedesBench.begin, LedesBench.take(rx.upload_files(upload_id=UPLOAD))],
        on_drop_rejected=lambda _files: LedesBench.refuse(),
        custom_attrs={"role": "button"},
        border="1.5px dashed var(--gray-8)",
        padding="40px 20px",
        class_name="drop-zone",
    )


def _files() -> rx.Component:
    def file(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return rx.el.li(
            rx.icon("file-text", size=16, aria_hidden="true"),
            rx.el.span(
                link(one.name, href=one.href, class_name="row-link"),
                rx.el.span(f"{one.origin} · {one.size} · kept until {one.kept_until} UTC", class_name="row-hint"),
                class_name="row-words",
            ),
            _download(one),
            _discard(one),
            class_name="panel-row",
        )

    return rx.el.section(
        rx.el.div(rx.el.h2("Your files", class_name="panel-title"), class_name="panel-head"),
        rx.el.ul(rx.foreach(LedesBench.files, file), class_name="panel-list"),
        aria_label="Your files",
        class_name="panel bench-files",
    )


def _download(one: Any) -> rx.Component:  # noqa: ANN401
    return file_link(
        rx.icon("download", size=15, aria_hidden="true"),
        "Download",
        href=one.download,
        aria_label=f"Download {one.name}",
        class_name="plain-button",
    )


def _discard(one: Any) -> rx.Component:  # noqa: ANN401
    trigger = rx.el.button(
        rx.icon("trash-2", size=15, aria_hidden="true"),
        type="button",
        aria_label=f"Discard {one.name}",
        class_name="icon-button",
    )
    return confirm(
        trigger,
        title=f"Discard {one.name}?",
        consequence="It goes from your workbench at once. The copy you dropped stays where you have it.",
        action="Discard it",
        on_confirm=LedesBench.discard(one.id),
        is_destructive=True,
    )


def _open() -> rx.Component:
    return rx.fragment(_bar(), _verdict(), _tabs(), _view())


def _bar() -> rx.Component:
    item = LedesBench.item
    words = rx.el.div(
        rx.el.h2(item.name, class_name="bench-name"),
        rx.el.p(f"{item.origin} · {item.size} · kept until {item.kept_until} UTC", class_name="row-hint"),
        class_name="min-w-0 bench-words",
    )
    other = link(
        rx.icon("file-up", size=15, aria_hidden="true"), "Another file", href="/ledes", class_name="plain-button"
    )
    return rx.el.div(words, _carrier_choice(), _download(item), other, _discard(item), class_name="bench-bar")


def _carrier_choice() -> rx.Component:
    return rx.el.label(
        rx.el.span("Held against", class_name="field-label"),
        rx.el.select(
            rx.el.option("The standard alone", value=""),
            rx.foreach(LedesBench.carriers, lambda carrier: rx.el.option(carrier.label, value=carrier.value)),
            value=LedesBench.carrier,
            on_change=LedesBench.choose_carrier,
            class_name="choice",
        ),
        class_name="bench-carrier",
    )


def _verdict() -> rx.Component:
    verdict = LedesBench.verdict
    mark = rx.match(
        verdict.word,
        ("Valid", badge(_VALID)),
        ("Valid, with warnings", badge(_WARNED)),
        ("Not valid", badge(_FAULTY)),
        badge(_OTHER),
    )
    mend = rx.cond(verdict.next_href != "", link(verdict.next, href=verdict.next_href, class_name="text-link"))
    return rx.fragment(
        rx.el.div(mark, rx.el.span(verdict.text), mend, class_name="bench-verdict", role="status"),
        rx.cond(verdict.hint != "", notice(verdict.hint, tone="amber")),
        stats(
            stat("Format", verdict.format),
            stat("Errors", verdict.errors, href=verdict.errors_href),
            stat("Warnings", verdict.warnings, href=verdict.warnings_href),
            stat("Invoices", verdict.invoices, hint=verdict.lines),
        ),
    )


def _tabs() -> rx.Component:
    def tab(one: Any) -> rx.Component:  # noqa: ANN401
        return link(
            one.label,
            rx.cond(one.count != "", rx.el.span(one.count, class_name="filter-count")),
            href=one.href,
            class_name="filter",
            custom_attrs={"aria-current": rx.cond(LedesBench.view == one.value, "true", "false")},
        )

    return rx.el.nav(rx.foreach(LedesBench.tabs, tab), aria_label="What to see of the file", class_name="filters")


def _view() -> rx.Component:
    return rx.match(
        LedesBench.view,
        ("findings", _when_read(LedesFindings, findings_view())),
        ("invoices", _when_read(LedesReading, invoices_view())),
        ("repairs", _when_read(LedesRepairs, repairs_view())),
        ("convert", _when_read(LedesConversion, conversion_view())),
        ("guidelines", _when_read(LedesReading, guidelines_view(LedesBench.carrier != ""))),
        ("compare", _when_read(LedesReading, compare_view(LedesBench.files, LedesBench.item.id))),
        empty_state("Nothing here", "Choose a view above."),
    )


def _when_read(state: Any, view: rx.Component) -> rx.Component:  # noqa: ANN401 -- a view's state
    """Return the view once it is of the open file; never the rows of the file that was open before."""
    return rx.cond(state.key == LedesBench.key, view, _skeleton())
