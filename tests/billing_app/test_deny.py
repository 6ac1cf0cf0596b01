"""Every handler that a browser can name carries a guard, and nothing else than meant is sent to browsers."""

from collections.abc import Mapping

import pytest
import reflex as rx
from reflex.istate.storage import ClientStorageBase
from reflex.state import BaseState, all_base_state_classes
from reflex_base.event import EventHandler
from reflex_base.registry import RegisteredEventHandler, RegistrationContext

from billing_app import deny
from billing_app.billing_app import app
from state.guard import GUARD, guarded

FRAMEWORK_STATES = ("reflex.", "reflex_")
TABLE = {
    "search",
    "sort",
    "descending",
    "page",
    "total",
    "range_text",
    "has_previous",
    "has_next",
    "is_loading",
    "failure",
    "rows",
    "export_query",
}
KEYSET = TABLE - {"sort", "descending", "page", "total"}
ACTING = {"problem", "kept_text"}
PAGED = {"rows", "range_text", "has_previous", "has_next", "is_loading", "failure", "export_query"}
# What each state sends to the browser. A new public var is added here on purpose, or it begins with an underscore.
PUBLIC = {
    "Viewer": {"name", "email", "initials", "roles", "environment", "firm"},
    "Waiting": {"count"},
    "Notices": {"rows", "count"},
    "AttestPage": {
        "rows", "problem", "problem_of", "declining", "declining_problem", "done", "is_loading", "failure",
    },
    "ChangeInbox": {
        "rows", "problem", "problem_of", "declining", "declining_problem", "done", "is_loading",
    },
    "InvoiceComparison": {"is_open", "sums", "rows", "same_words", "problem"},
    "Comments": {
        "rows", "open_count", "counts", "draft", "line_id", "line_number", "editing", "suggestions", "problem",
        "is_known",
    },
    "Presence": {"rows"},
    "EditDialog": {
        "is_open", "title", "text", "action", "tone", "fields", "asks_matter", "search", "targets", "matter", "before",
        "after", "problem",
    },
    "LineSelection": {"chosen", "words"},
    "SplitDialog": {"is_open", "title", "text", "fields", "problem"},
    "AllowDialog": {"is_open", "about", "today", "may_choose_all", "has_person", "problem"},
    "ProformaBudget": {"rows", "may_set", "is_known", "is_open", "today", "problem"},
    "NoticeList": KEYSET | {"kinds", "kind", "unread", "unread_href", "unread_count", "done"},
    "NotificationChoices": ACTING | {
        "rows", "email", "bounce", "zone", "firm_zone", "daily_at", "quiet_from", "quiet_until",
        "is_quiet_on_weekends", "phone", "is_phone_verified", "is_code_under_way", "has_webhook", "email_test",
        "phone_test", "chat_test", "problem_of", "done", "rounds", "is_loading", "failure",
    },
    "DeliveryBoard": ACTING | KEYSET | {"bouncing", "view", "trouble", "waiting", "sent", "done"},
    "Palette": {"text", "rows"},
    "AuditTrail": TABLE | {"subject"},
    "Results": PAGED | {"search", "status", "waiting", "matched", "ignored", "trouble", "problem", "kept_text"},
    "ResultMailPage": {
        "item_id", "subject", "sender", "carrier", "received", "status", "note", "text", "told", "history", "verbs",
        "is_loading", "is_learning", "learnt_subject", "learnt_text", "learnt_count", "problem", "kept_text",
    },
    "ResultReportPage": {
        "carriers", "carrier_id", "file_name", "headings", "picks", "words", "is_mapped", "summary",
        "unclear", "was_applied", "told", "done", "problem", "kept_text",
    },
    "Mail": PAGED | {"search", "view", "views"},
    "MailingPage": ACTING | {
        "item_id", "item", "subject", "message_id", "sha256", "note", "copy_href", "pdf_href", "batch_href", "verbs",
        "history", "is_loading",
    },
    "Printing": ACTING | {
        "groups", "grouping", "batches", "has_more", "is_printing", "posting_id", "posting_title", "posting_day",
    },
    "Letters": ACTING | {
        "subject", "body", "shown", "placeholders", "versions", "preview", "is_loading", "failure",
    },
    "DeliveryForm": ACTING | {
        "is_open", "payor", "channel", "emails", "address", "has_ledes_file", "has_cover_letter", "round",
    },
    "PayorAnswerForm": ACTING | {"is_open", "outcome", "number"},
    "Today": {
        "greeting", "date_text", "queue", "queue_count", "queue_hint", "queue_href", "steps", "has_queue",
        "cycle", "cycle_title", "days_left", "days_hint", "done_text", "done_hint", "blocked", "hours_saved",
        "hours_hint", "is_loading", "failure", "burn_href", "burn_points", "burn_summary",
    },
    "Reports": {
        "as_of", "attorney", "attorneys", "carrier", "carriers", "chart_height", "chosen_span", "failure", "files",
        "first_month", "hint", "is_changed", "is_loading", "last_month", "months", "points", "report", "saved_id",
        "span", "spans", "summary", "tables", "tabs", "title", "words",
    },
    "SavedReports": ACTING | {
        "asking", "dialog_problem", "done", "rows", "schedules", "sent_ids", "typed_name",
    },
    "ReviewQueue": {
        "rows", "tabs", "address", "status", "search", "carrier", "carriers", "findings", "age", "amount",
        "is_narrowed", "clear_href", "is_watching", "left_text", "left_amount", "clean_count", "flagged_count",
        "hint", "has_more", "is_loading", "failure", "done", "can_undo", "approved", "skipped", "allowing",
        "allowing_title", "allow_problem", "is_offering", "offer", "offer_amount", "offer_cap", "offer_most",
        "offer_left", "offer_problem", "selected", "selected_text", "returning", "returning_title", "return_reasons",
        "return_problem", "sending", "sending_title", "sending_changes", "sending_problem", "sheet", "sheet_problem",
        "forwarding", "forward_people", "can_hand_on", "forward_problem", "giving_back", "give_back_problem",
        "export_query",
    },
    "ProformaPeople": {
        "steps", "part", "hands", "hands_note", "mended", "item_id", "done", "sheet", "sheet_problem", "forwarding",
        "forward_people", "can_hand_on", "forward_problem", "giving_back", "give_back_problem", "returning",
        "returning_title", "return_reasons", "return_problem", "sending", "sending_title", "sending_changes",
        "sending_problem",
    },
    "StandingIn": ACTING | {
        "absences", "delegations", "attorneys", "is_everybodys", "is_attorney", "today", "cap", "most", "is_setting",
        "editing", "is_granting", "done", "cap_problem", "is_loading",
    },
    "TeamDesk": ACTING | {"teams", "attorneys", "is_open", "editing", "done"},
    "ApprovalDesk": ACTING | {
        "rules", "steps", "people", "kind", "is_open", "passing", "passing_title", "passing_problem", "done",
    },
    "PolicyDesk": ACTING | {"policy", "closing", "form_round", "closing_problem", "done"},
    "ProformaPage": {
        "head", "verbs", "lines", "show", "all_count", "flagged_count", "changed_count", "more_lines", "may_edit",
        "may_edit_codes", "may_allow", "bill_findings",
        "events", "panel", "panel_problem", "panel_theirs", "dialog", "dialog_problem", "done",
        "undo_id", "steps",
        "is_loading", "failure",
    },
    "BillingRunPage": ACTING | {
        "month", "month_name", "earlier_href", "later_href", "proposals", "shown_text", "search", "obstacles",
        "bill_amount", "bill_hint", "chosen_text", "chosen_count", "left_amount", "left_hint", "runs",
        "is_loading", "is_working", "phase", "work_done", "work_total",
        "ages", "early_id", "early_number", "early_why", "early_problem",
    },
    "BillingCalendar": ACTING | {
        "cycles", "closing_days", "is_loading", "moving", "moving_name", "moving_dates", "moving_note",
        "moving_problem", "done",
    },
    "Matters": KEYSET | {"frequencies", "frequency", "only_held"},
    "MatterPage": ACTING | {
        "item_id", "item", "dates", "can_edit", "work", "hindrances", "held", "proformas", "invoices", "is_loading",
        "is_holding", "done", "asks_closing", "closing", "closing_text", "latest_day",
    },
    "Finalizing": {
        "ready_count", "ready_amount", "is_working", "phase", "work_done", "work_total", "left_text",
        "left_behind", "outcome", "failure",
    },
    "Invoices": KEYSET | {"view", "views", "ages", "carriers", "carrier", "narrowed", "unqueued_text", "not_queued"},
    "InvoicePage": ACTING | {
        "item_id", "item", "finalized", "replaces_href", "lines", "said", "revisions", "history", "may_queue",
        "may_correct", "may_void", "may_answer", "is_loading", "is_previewing", "is_voiding", "preview_title",
        "preview_fields", "preview_records",
    },
    "Correction": ACTING | {"is_open", "form", "changed", "reason"},
    "Submissions": KEYSET | {
        "lanes", "acceptance", "column", "carrier_id", "title", "totals", "sent_done", "sent_total", "sent_left",
    },
    "SubmissionPage": ACTING | {
        "item_id", "item", "receipt_source", "vouched_by", "delivered_at", "site_text", "queued", "file_href",
        "sha256", "whole_sha256", "pictures", "said", "history", "verbs", "is_loading", "is_set_aside", "proofs",
        "sights", "timings", "has_listing", "can_reassign", "decider_id", "deciders", "pdf_sha256",
    },
    "Traffic": ACTING | {"kind", "name", "is_paused", "is_login_refused"},
    "LedesBench": ACTING | {
        "files", "carriers", "carrier", "view", "tabs", "item", "verdict", "is_taking", "is_loading", "reading",
        "key",
    },
    "LedesFindings": PAGED | {
        "codes", "severities", "code", "severity", "not_listed", "chosen", "place", "pieces", "odd", "close_href",
        "key",
    },
    "LedesReading": PAGED - {"rows"} | {
        "invoices", "lines", "guidelines", "differences", "invoice", "invoice_title", "all_href", "note", "other",
        "key",
    },
    "LedesRepairs": ACTING | PAGED | {"reasons", "summary", "total", "key"},
    "LedesConversion": ACTING | {
        "formats", "to", "summary", "is_ready", "needed", "given_text", "losses", "loss_text", "can_allow",
        "allows_loss", "replaced", "replaced_text", "faults", "failure", "key",
    },
    "Carriers": TABLE,
    "GuidelineEditor": {
        "carrier_name", "in_force", "in_force_note", "newer", "cards", "removed", "changes", "changes_text", "may_edit",
        "may_try", "can_undo", "months", "tried_text", "is_trying", "trial_problem", "panel", "fields", "examples",
        "is_adding", "kinds", "done", "is_loading", "failure",
    },
    "RuleForm": set(),
    "GuidelineSaving": {
        "is_open", "note", "form_round", "problem", "theirs", "is_importing", "import_problem",
    },
    "GuidelineProposal": ACTING | {
        "is_looking", "lines", "reason", "result", "sentence", "standing", "title",
    },
    "GuidelineHistory": {"is_open", "versions", "older", "newer", "changes", "problem"},
    "GuidelinePermissions": {
        "rows", "rules", "today", "is_granting", "problem", "ending", "ending_about", "ending_problem", "failure",
    },
    "LoginForm": ACTING | {
        "is_open", "title", "used_by", "fields", "expires_on", "every_days", "has_login", "round",
    },
    "BulkWork": {
        "action", "is_over", "kept_text", "needs_note", "problem", "summary", "ticked", "title", "verb", "will",
        "will_not",
    },
    "CarrierForm": {
        "account", "accounts", "is_open", "kept_text", "problem",
    },
    "ProfileDesk": {
        "activating", "compared", "differences", "done", "imported", "is_importing", "is_running", "is_saving",
        "kept_text", "left_out", "problem", "remarks", "run_at", "run_message", "run_state", "run_steps",
    },
    "ProfileEditor": {
        "can_undo", "carrier_name", "codes", "decisions", "draft_of", "form", "form_round", "in_force",
        "is_changed", "is_loading", "kept_text", "lane_consent", "lane_is_asked", "layouts", "list_name", "lists",
        "mail_domain", "mail_sender", "mail_words", "others", "outcome_rows", "page_rows", "part_name", "part_text",
        "parts", "people", "people_count", "permission", "problem", "problems", "settle", "site_hosts", "site_line",
        "site_title", "steps", "terms", "traffic", "verbs", "versions",
    },
    "ProfileMail": {
        "form_round", "kept_text", "layout", "problem", "trial_counts", "trial_layout", "trial_rows", "trial_trust",
        "trial_unclear", "was_tried",
    },
    "ProfileRules": {
        "done", "form_round", "kept_text", "people_offered", "problem", "problem_of",
    },
    "CarrierHealth": ACTING | {
        "is_wanted", "is_robot", "is_permitted", "account", "reasons", "last_at", "last_end", "last_words",
        "last_message", "stopped", "waiting", "is_busy", "pages", "drifts", "accepting", "is_accepting_broken", "done",
        "form_round",
    },
    "ProfileSite": {
        "kept_text", "outcome", "outcome_round", "page", "page_round", "problem", "signals",
    },
    "RejectionPage": {
        "acceptances", "accepted", "amount", "appeals", "can_appeal", "can_appeal_whole", "can_attach", "can_correct",
        "can_hand_on", "owner_id", "owners", "said",
        "chosen_amount", "chosen_count", "cut_total", "cuts", "decision", "invoice_href", "is_loading", "item",
        "item_id", "kept_text", "last_day", "limit", "may_write", "problem", "resubmission", "route", "subtitle",
        "title", "today",
    },
    "Rejections": {
        "by", "export_query", "failure", "has_next", "has_previous", "is_loading", "late_count", "open_amount",
        "open_count", "range_text", "reduced_total", "reductions", "rows", "search", "soon_amount", "soon_count",
        "view",
    },
    "RuleProposals": {
        "is_loading", "items", "kept_text", "may_save", "may_see", "problem", "proposal",
    },
}  # fmt: skip


def unguarded(handlers: Mapping[str, RegisteredEventHandler]) -> list[str]:
    """Return the names that run without a guard."""
    return [
        name
        for name, registered in handlers.items()
        if name not in deny.framework_events()
        and not is_refused_built_in(name)
        and not hasattr(registered.handler.fn, GUARD)
    ]


def is_refused_built_in(name: str) -> bool:
    """Whether this is one of the framework's own, which the middleware refuses for want of a guard."""
    own = ("setvar", "update_vars_internal", "handle_frontend_exception")
    return name.rpartition(".")[2] in own


def our_states() -> list[type[BaseState]]:
    context = RegistrationContext.get()
    states = [context.base_states[name] for name in all_base_state_classes if name in context.base_states]
    return [state for state in states if not state.__module__.startswith(FRAMEWORK_STATES)]


@pytest.fixture(autouse=True)
def contexts():
    with app.set_contexts():
        yield


def test_guard_every_registered_handler():
    assert unguarded(RegistrationContext.get().event_handlers) == []


def test_catch_planted_unguarded_handler():
    def planted(self):
        """Do harm."""

    handlers = dict(RegistrationContext.get().event_handlers)
    handlers["planted"] = RegisteredEventHandler(handler=EventHandler(fn=planted), states=(rx.State,))
    handlers["meant"] = RegisteredEventHandler(handler=EventHandler(fn=guarded()(planted)), states=(rx.State,))
    assert unguarded(handlers) == ["planted"]


@pytest.mark.parametrize("name", ["setvar", "update_vars_internal", "handle_frontend_exception"])
def test_refuse_built_in_handlers(name: str):
    names = [full for full in RegistrationContext.get().event_handlers if full.rpartition(".")[2] == name]
    assert names
    assert not any(deny.is_guarded(full) or full in deny.framework_events() for full in names)


def test_know_framework_events_by_exact_name():
    assert all(name in RegistrationContext.get().event_handlers for name in deny.framework_events())
    assert len(deny.framework_events()) == 5


def test_keep_nothing_in_browser_storage():
    stored = [
        f"{state.__name__}.{name}"
        for state in our_states()
        for name, field in state.get_fields().items()
        if isinstance(field.default, ClientStorageBase)
    ]
    assert our_states()
    assert stored == []


def test_send_only_vars_meant_for_browsers():
    sent = {state.__name__: {*state.base_vars, *state.computed_vars} for state in our_states()}
    unknown = {name: sorted(sent[name] - PUBLIC.get(name, set())) for name in sent}
    assert {name: extra for name, extra in unknown.items() if extra} == {}
