"""Forms of a profile beside its steps: pages, what the site may say, its words for decisions, file and terms."""

from typing import Any

import reflex as rx

from pages.sites.profile_parts import act, choice, fold, options, row
from pages.ui.callout import error_callout
from pages.ui.fields import long_field, text_field
from state.sites.profile_editor import ProfileEditor
from state.sites.profile_site import DIALECTS, ProfileSite

_IDS = [("with_dash", "12-3456789"), ("digits_only", "123456789")]
_CHANNELS = [
    ("at_once", "On the site, right after the upload"),
    ("poll", "On the site, later"),
    ("e_mail", "By e-mail (describe the mails under “Result mails”)"),
]


def site_forms() -> rx.Component:
    """Return the four forms, each folded."""
    return rx.fragment(error_callout(ProfileSite.problem), _pages(), _outcomes(), _decisions(), _terms())


def _pages() -> rx.Component:
    def one(page: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return row(
            page.name,
            page.selectors,
            act("Edit", f"Edit page {page.name}", ProfileSite.open_page(page.name)),
            act("Remove", f"Remove page {page.name}", ProfileSite.remove_page(page.name)),
        )

    page = ProfileSite.page
    form = rx.el.form(
        text_field("Page", "name", default_value=page.name, required=True, max_length=40),
        long_field(
            "It is this page when one of these is there, one a line",
            "selectors",
            rows="2",
            default_value=page.selectors,
            spell_check=False,
            required=True,
        ),
        _form_buttons(page.name != "", "Add page", ProfileSite.put_page_away),
        key=f"page-{page.name}-{ProfileSite.page_round}",
        on_submit=ProfileSite.keep_page,
        class_name="line-form step-form",
    )
    return fold(
        "Pages",
        "A page is recognised before anything on it is touched. A step “Expect a page” names it.",
        rx.el.ul(rx.foreach(ProfileEditor.page_rows, one), class_name="part-rows"),
        form,
    )


def _outcomes() -> rx.Component:
    def one(outcome: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return row(
            outcome.meaning,
            outcome.said,
            act("Edit", f"Edit answer {outcome.position}", ProfileSite.open_outcome(outcome.position)),
            act("Remove", f"Remove answer {outcome.position}", ProfileSite.remove_outcome(outcome.position)),
        )

    outcome = ProfileSite.outcome
    reasons = rx.el.details(
        rx.el.summary("Reasons of a refusal, where the site lists them", class_name="fold"),
        long_field("Rows", "rows", rows="1", default_value=outcome.rows, spell_check=False),
        rx.el.div(rx.foreach(outcome.columns, column_field), class_name="column-fields"),
        open=outcome.rows != "",
    )
    form = rx.el.form(
        choice("It means", "signal", outcome.signal, rx.foreach(ProfileSite.signals, _option)),
        long_field("Shown at, one selector a line", "selectors", rows="2", default_value=outcome.selectors,
                   spell_check=False),
        long_field("With one of these texts, one a line (optional)", "texts", rows="2", default_value=outcome.texts),
        reasons,
        _form_buttons(outcome.position != "", "Add answer", ProfileSite.put_outcome_away),
        key=f"answer-{outcome.position}-{ProfileSite.outcome_round}",
        on_submit=ProfileSite.keep_outcome,
        class_name="line-form step-form",
    )  # fmt: skip
    return fold(
        "What the site may say",
        "A wrong password, a refusal, maintenance: how each is shown. The first that fits counts.",
        rx.el.ul(rx.foreach(ProfileEditor.outcome_rows, one), class_name="part-rows"),
        form,
    )


def _decisions() -> rx.Component:
    def one(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return long_field(row.title, row.kind, rows="2", default_value=row.words)

    form = rx.el.form(
        rx.el.div(rx.foreach(ProfileEditor.decisions, one), class_name="column-fields"),
        rx.el.div(rx.button("Keep these changes", variant="surface", type="submit"), class_name="form-buttons"),
        key=ProfileEditor.decisions.to_string(),
        on_submit=ProfileSite.keep_decisions,
        class_name="line-form",
    )
    return fold("Decisions", "The site's own words for each decision, one a line, exactly as it writes them.", form)


def _terms() -> rx.Component:
    terms = ProfileEditor.terms
    form = rx.el.form(
        choice("File", "dialect", terms.dialect, *options([(one, one) for one in DIALECTS])),
        choice("The firm's tax id in it", "law_firm_id", terms.law_firm_id, *options(_IDS)),
        text_field("Name of the file", "file_name", default_value=terms.file_name, spell_check=False, required=True),
        choice("The decision comes", "kind", terms.channel, *options(_CHANNELS)),
        text_field(
            "Days to appeal", "appeal_days", default_value=terms.appeal_days, input_mode="numeric", required=True
        ),
        text_field(
            "Days until it pays", "payment_days", default_value=terms.payment_days, input_mode="numeric", required=True
        ),
        rx.el.div(rx.button("Keep these changes", variant="surface", type="submit"), class_name="form-buttons"),
        key=terms.to_string(),
        on_submit=ProfileSite.keep_terms,
        class_name="line-form",
    )
    return fold("File and terms", "What the carrier takes, how it decides, and its clocks.", form)


def column_field(column: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    """Return the field of one column of a table: name, title and what is entered."""
    return text_field(column[1], column[0], default_value=column[2], spell_check=False)


def _form_buttons(is_change: Any, adding: str, put_away: Any) -> rx.Component:  # noqa: ANN401 -- a Var, an event
    cancel = rx.button("Cancel", variant="soft", color_scheme="gray", type="button", on_click=put_away)
    keep = rx.button(rx.cond(is_change, "Keep these changes", adding), variant="surface", type="submit")
    return rx.el.div(keep, rx.cond(is_change, cancel), class_name="form-buttons")


def _option(choice: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.option(choice[1], value=choice[0])
