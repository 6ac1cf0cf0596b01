"""One submission, open beside the board: proof, what the site said, and what a person may decide."""

from typing import Any

import reflex as rx

from models.enums import ReceiptSource, SubmissionStatus
from pages.ui.detail_pane import detail_pane, fact, facts, part
from pages.ui.evidence_strip import evidence_strip
from pages.ui.fields import long_field, text_field
from pages.ui.file_link import file_link
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.next_step import next_box
from pages.ui.refusal import refusal
from pages.ui.status_badge import Look, badge
from pages.ui.timeline import timeline
from pages.uploads.file_badge import file_badge
from state.uploads.submission import LARGEST_PROOF, PROOF_UPLOAD, SubmissionPage

_BY_SITE = Look("green", "badge-check", "The site shows it")
_BY_PERSON = Look("blue", "user-check", "A person says it is there")


def submission_pane() -> rx.Component:
    """Return the pane."""
    item = SubmissionPage.item
    open_invoice = link("Open the invoice", href=item.invoice_href, class_name="text-link")
    return detail_pane(
        f"File of invoice {item.invoice_number}",
        f"{item.carrier} · matter {item.matter_number}",
        refusal(SubmissionPage),
        rx.cond(item.error != "", rx.el.p(item.error, class_name="callout amber")),
        next_box(item.next_step, item.next_who, open_invoice),
        _decisions(),
        _standing(),
        rx.cond(SubmissionPage.pictures.length() > 0, part("Evidence", evidence_strip(SubmissionPage.pictures))),
        rx.cond(SubmissionPage.said.length() > 0, part("What the site said", _findings())),
        part("History", timeline(SubmissionPage.history)),
        close_href="/submissions",
        label="Submission",
        is_loading=SubmissionPage.is_loading,
    )


def _standing() -> rx.Component:
    item = SubmissionPage.item
    receipt = rx.el.span(
        rx.cond(item.receipt != "", rx.el.code(item.receipt, class_name="tag mr-2"), ""),
        rx.match(
            SubmissionPage.receipt_source,
            (ReceiptSource.SITE.value, badge(_BY_SITE)),
            (ReceiptSource.PERSON.value, badge(_BY_PERSON)),
            rx.el.span("None yet", class_name="muted"),
        ),
    )
    file = file_link(
        rx.icon("download", size=15, aria_hidden="true"),
        "LEDES file",
        href=SubmissionPage.file_href,
        class_name="download",
    )
    return rx.fragment(
        facts(
            fact("State", file_badge(item)),
            fact("Receipt", receipt),
            rx.cond(SubmissionPage.vouched_by != "", fact("On the word of", SubmissionPage.vouched_by)),
            rx.cond(SubmissionPage.delivered_at != "", fact("Delivered", SubmissionPage.delivered_at)),
        ),
        facts(
            fact("Amount", money(item.amount)),
            fact("Queued by", SubmissionPage.queued),
            fact("File", file),
            fact("SHA-256", rx.el.code(f"{SubmissionPage.sha256}…", class_name="tag")),
            rx.cond(
                SubmissionPage.pdf_sha256 != "",
                fact("PDF sent along", rx.el.code(f"{SubmissionPage.pdf_sha256}…", class_name="tag")),
            ),
        ),
        rx.cond(
            SubmissionPage.site_text != "",
            rx.el.blockquote(SubmissionPage.site_text, aria_label="The site's own words", class_name="site-text"),
        ),
    )


def _decisions() -> rx.Component:
    verbs = SubmissionPage.verbs
    return rx.fragment(
        rx.cond(SubmissionPage.item.status == SubmissionStatus.IN_DOUBT.value, _doubt()),
        rx.cond(verbs.contains("retry"), _retry()),
        rx.cond(verbs.contains("set_aside"), _set_aside()),
        rx.cond(verbs.contains("record_by_hand"), _by_hand()),
    )


def _doubt() -> rx.Component:
    item, verbs = SubmissionPage.item, SubmissionPage.verbs
    is_there = rx.el.form(
        text_field("Receipt number shown by the site", "receipt_number", required=True),
        long_field("What you saw on the site", "note", rows="2", required=True),
        rx.button("It is there", type="submit"),
        on_submit=SubmissionPage.confirm_delivered,
        class_name="line-form choice-form",
    )
    is_absent = rx.el.form(
        long_field("Where you looked", "note", rows="2", required=True),
        rx.el.p("The worker looks once more before it sends anything.", class_name="row-hint"),
        rx.button("It is not there: send again", variant="surface", high_contrast=True, type="submit"),
        on_submit=SubmissionPage.confirm_absent,
        class_name="line-form choice-form",
    )
    deadline = rx.el.p(
        rx.icon("clock", size=15, aria_hidden="true"),
        rx.el.span(f"For {item.next_who}, {item.deadline}", class_name=rx.cond(item.is_overdue, "late", "")),
        class_name="deadline",
    )
    return rx.el.section(
        rx.el.h3("Does the site have this file?", class_name="pane-heading"),
        rx.el.p(
            "The file may have left us and no receipt was seen. A machine never sends it again by itself: look "
            "on the carrier's site, then say what you saw.",
            class_name="muted",
        ),
        rx.cond(item.deadline != "", deadline),
        rx.el.div(rx.foreach(SubmissionPage.sights, _sight), class_name="sights"),
        rx.cond(verbs.contains("look_again"), _look_again()),
        rx.el.ul(rx.foreach(SubmissionPage.timings, rx.el.li), aria_label="Times", class_name="timings"),
        rx.cond(verbs.contains("confirm_delivered"), rx.el.div(is_there, is_absent, class_name="two-choices")),
        rx.cond(SubmissionPage.can_reassign, _reassign()),
        aria_label="Decide",
        class_name="decision",
    )


def _look_again() -> rx.Component:
    """Return the offer of a look that sends nothing; it stands out while there is no picture of the list."""
    button = rx.button(
        rx.icon("eye", size=15, aria_hidden="true"),
        "Look again",
        variant=rx.cond(SubmissionPage.has_listing, "surface", "solid"),
        high_contrast=SubmissionPage.has_listing,
        type="button",
        on_click=SubmissionPage.look_again,
    )
    hint = rx.el.p(
        "A worker reads the site's list and keeps a picture of it. It sends nothing; what it saw comes back here.",
        class_name="row-hint",
    )
    return rx.el.div(button, hint, class_name="look-again")


def _sight(sight: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    picture = file_link(
        rx.el.img(src=sight.href, alt=f"{sight.title}: the site at {sight.taken_at}", loading="lazy"),
        href=sight.href,
        target="_blank",
        rel="noopener",
    )
    words = rx.el.figcaption(
        rx.el.span(sight.title, class_name="said-where"), rx.el.span(sight.label, " ", sight.taken_at)
    )
    return rx.el.figure(words, rx.cond(sight.href != "", picture), class_name="sight")


def _reassign() -> rx.Component:
    who = rx.el.label(
        rx.el.span("Who decides", class_name="field-label"),
        rx.el.select(
            rx.foreach(SubmissionPage.deciders, lambda one: rx.el.option(one.name, value=one.id)),
            name="decider",
            default_value=SubmissionPage.decider_id,
            class_name="field",
        ),
        class_name="field-block",
    )
    form = rx.el.form(
        who,
        rx.el.label(
            rx.el.span("Within how many hours", class_name="field-label"),
            rx.el.input(name="hours", type="number", min="1", max="336", default_value="24", class_name="field"),
            class_name="field-block",
        ),
        rx.button("Hand it on", variant="surface", high_contrast=True, type="submit"),
        on_submit=SubmissionPage.reassign,
        key=SubmissionPage.item_id,
        class_name="line-form",
    )
    return rx.el.details(rx.el.summary("Hand it on, or give more time", class_name="fold"), form, class_name="hand-on")


def _retry() -> rx.Component:
    form = rx.el.form(
        long_field("What was mended (optional)", "note", rows="2"),
        rx.button("Try again", type="submit"),
        on_submit=SubmissionPage.retry,
        class_name="line-form",
    )
    return rx.el.section(
        rx.el.h3("Mended? Try again", class_name="pane-heading"), form, aria_label="Try again", class_name="decision"
    )


def _set_aside() -> rx.Component:
    button = rx.button(
        "Set it aside", variant="surface", high_contrast=True, type="button", on_click=SubmissionPage.set_aside
    )
    words = rx.el.p("It leaves the queue, so that no machine sends it while you do.", class_name="muted")
    return rx.el.details(
        rx.el.summary("Upload it by hand instead", class_name="fold"), words, button, class_name="decision"
    )


def _by_hand() -> rx.Component:
    steps = rx.el.ol(
        rx.el.li(
            file_link(
                rx.icon("download", size=15, aria_hidden="true"),
                "Download this very file",
                href=SubmissionPage.file_href,
                class_name="download",
            ),
            rx.el.p("SHA-256 ", rx.el.code(SubmissionPage.whole_sha256, class_name="whole-sha"), class_name="row-hint"),
        ),
        rx.el.li("Upload it on the carrier's site yourself."),
        rx.el.li("Add a screenshot or PDF of what the site shows.", _proof_zone()),
        rx.el.li("Copy the receipt number.", _hand_form()),
        class_name="hand-steps",
    )
    return rx.el.details(
        rx.el.summary("Upload it by hand instead", class_name="fold"),
        steps,
        open=SubmissionPage.is_set_aside | (SubmissionPage.proofs.length() > 0),
        class_name="decision",
    )


def _proof_zone() -> rx.Component:
    zone = rx.upload(
        rx.el.span("Drop it here or choose a file", class_name="plain-button"),
        rx.el.span("PNG, JPEG or PDF, up to 10 MB", class_name="row-hint"),
        id=PROOF_UPLOAD,
        multiple=False,
        max_size=LARGEST_PROOF,
        accept={"image/png": [".png"], "image/jpeg": [".jpg", ".jpeg"], "application/pdf": [".pdf"]},
        on_drop=SubmissionPage.attach_proof(rx.upload_files(upload_id=PROOF_UPLOAD)),
        on_drop_rejected=lambda _files: SubmissionPage.refuse_proof(),
        custom_attrs={"role": "button"},
        border="1.5px dashed var(--gray-8)",
        padding="14px 12px",
        class_name="drop-zone",
    )
    return rx.fragment(
        zone, rx.cond(SubmissionPage.proofs.length() > 0, evidence_strip(SubmissionPage.proofs), rx.fragment())
    )


def _hand_form() -> rx.Component:
    return rx.el.form(
        text_field("Receipt number shown by the site", "receipt_number", required=True),
        long_field("How and when it was uploaded", "note", rows="2", required=True),
        rx.button("Record as uploaded by hand", type="submit", disabled=SubmissionPage.proofs.length() == 0),
        rx.cond(
            SubmissionPage.proofs.length() == 0, rx.el.p("The proof comes first.", class_name="row-hint"), rx.fragment()
        ),
        on_submit=SubmissionPage.record_by_hand,
        class_name="line-form",
    )


def _findings() -> rx.Component:
    def finding(said: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return rx.el.li(
            rx.el.span(said.line, class_name="said-where"),
            rx.el.span(said.message),
            rx.cond(said.reduction != "", rx.el.span("-", said.reduction, class_name="money said-cut")),
        )

    return rx.el.ul(rx.foreach(SubmissionPage.said, finding), class_name="said")
