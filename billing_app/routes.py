"""Every page of the portal: its address, title, content and what it loads. The one place to add a page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from pages.audit import audit
from pages.billing.billing import billing
from pages.billing.billing_calendar import billing_calendar
from pages.billing.matters import matters
from pages.invoicing.invoices import invoices
from pages.ledes_desk.ledes import ledes
from pages.mailing.letters import letters
from pages.mailing.mail import mail
from pages.not_found import not_found
from pages.notifications.deliveries import deliveries
from pages.notifications.notices import notices
from pages.notifications.preferences import preferences
from pages.reporting.reports import reports
from pages.responses.rejections import rejections
from pages.responses.results import results
from pages.review.attest import attest
from pages.review.my_absence import my_absence
from pages.review.people import people
from pages.review.proforma import proforma
from pages.review.review import review
from pages.rules.guidelines import guidelines
from pages.sites.carrier_profile import carrier_profile
from pages.sites.carriers import carriers
from pages.today import today
from pages.ui.navigation import PRODUCT
from pages.uploads.submissions import submissions
from state.audit import AuditTrail
from state.billing.billing_calendar import BillingCalendar
from state.billing.billing_run import BillingRunPage
from state.billing.matter import MatterPage
from state.billing.matters import Matters
from state.invoicing.comparison import InvoiceComparison
from state.invoicing.finalizing import Finalizing
from state.invoicing.invoice import InvoicePage
from state.invoicing.invoices import Invoices
from state.ledes_desk.ledes_bench import LedesBench
from state.mailing.letters import Letters
from state.mailing.mail import Mail
from state.mailing.mailing import MailingPage
from state.mailing.printing import Printing
from state.notices import Notices
from state.notifications.choices import NotificationChoices
from state.notifications.delivery_list import DeliveryBoard
from state.notifications.notice_list import NoticeList
from state.opening import together, watching
from state.reporting.reports import Reports
from state.reporting.saved import SavedReports
from state.responses.rejection import RejectionPage
from state.responses.rejections import Rejections
from state.responses.result_mail import ResultMailPage
from state.responses.result_report import ResultReportPage
from state.responses.results import Results
from state.responses.rule_proposals import RuleProposals
from state.review.approval_desk import ApprovalDesk
from state.review.attest import AttestPage
from state.review.attest_changes import ChangeInbox
from state.review.comments import Comments
from state.review.edit_dialog import EditDialog
from state.review.line_selection import LineSelection
from state.review.policy_desk import PolicyDesk
from state.review.presence import Presence
from state.review.proforma import ProformaPage
from state.review.proforma_allow import AllowDialog
from state.review.proforma_budget import ProformaBudget
from state.review.proforma_people import ProformaPeople
from state.review.proforma_split import SplitDialog
from state.review.proforma_watch import ProformaWatch
from state.review.review import ReviewQueue
from state.review.standing_in import StandingIn
from state.review.team_desk import TeamDesk
from state.rules.guideline_permissions import GuidelinePermissions
from state.rules.guideline_proposal import GuidelineProposal
from state.rules.guidelines import GuidelineEditor
from state.sites.carriers import Carriers
from state.sites.health_walk import CarrierHealth
from state.sites.profile_desk import ProfileDesk
from state.sites.profile_editor import ProfileEditor
from state.sites.profile_mail import ProfileMail
from state.sites.profile_rules import ProfileRules
from state.sites.profile_site import ProfileSite
from state.today import Today
from state.uploads.submission import SubmissionPage
from state.uploads.submissions import Submissions
from state.viewer import Viewer
from state.waiting import Waiting


@dataclass(frozen=True)
class Page:
    """One page; `at_once` is read side by side with the viewer, `on_load` runs after it, one by one.

    `watchers` keep the page up to date in one background event.
    """

    route: str
    title: str
    content: Callable[[], rx.Component]
    on_load: tuple[Any, ...] = ()
    at_once: tuple[Any, ...] = ()
    watchers: tuple[Any, ...] = ()

    @property
    def is_loaded(self) -> bool:
        """Whether it reads anything of its own."""
        return bool(self.on_load or self.at_once)


_SHELL = (Viewer.load, Waiting.load, Notices.load)
_INVOICES = (
    Invoices.load,
    InvoicePage.load,
    InvoiceComparison.load,
    Comments.load,
    Invoices.watch,
    InvoicePage.watch,
    Comments.watch,
)
_PROFORMA = (
    ProformaPage.load,
    ProformaBudget.load,
    LineSelection.load,
    EditDialog.load,
    SplitDialog.load,
    AllowDialog.load,
    Comments.load,
    ProformaPeople.load,
)
_PROFORMA_WATCHERS = (
    ProformaWatch.watch,
    Presence.watch,
)
_SUBMISSIONS = (Submissions.load, SubmissionPage.load, Submissions.watch, SubmissionPage.watch)
_MAIL = (Mail.load, MailingPage.load, Printing.load, Mail.watch, MailingPage.watch, Printing.watch)
_REJECTIONS = (Rejections.load, RejectionPage.load, RuleProposals.load, Rejections.watch, RejectionPage.watch)
_GUIDELINES = (
    GuidelineEditor.load,
    GuidelinePermissions.load,
    GuidelineProposal.load,
    GuidelineEditor.watch,
    GuidelinePermissions.watch,
)
_PEOPLE = (TeamDesk.load, StandingIn.load, ApprovalDesk.load, PolicyDesk.load, StandingIn.watch, ApprovalDesk.watch)
_BILLING = (
    BillingRunPage.load,
    Finalizing.load,
    BillingCalendar.load,
    BillingRunPage.watch,
    Finalizing.watch,
    BillingCalendar.watch,
)
_MATTERS = (Matters.load, MatterPage.load, Matters.watch, MatterPage.watch)
_RESULTS = (Results.load, ResultMailPage.load, ResultReportPage.load, Results.watch, ResultMailPage.watch)
_REPORTS = (Reports.load, SavedReports.load, SavedReports.watch)
PAGES = (
    Page("/", "Today", today, at_once=(Today.load,), watchers=(Today.watch,)),
    Page("/review", "Review", review, at_once=(ReviewQueue.load,), watchers=(ReviewQueue.watch,)),
    Page("/proforma/[proforma_id]", "Proforma", proforma, at_once=_PROFORMA, watchers=_PROFORMA_WATCHERS),
    Page("/billing", "Billing", billing, _BILLING),
    Page("/billing/calendar", "Billing calendar", billing_calendar, (BillingCalendar.load, BillingCalendar.watch)),
    Page("/matters", "Matters", matters, _MATTERS),
    Page("/matters/[matter_id]", "Matter", matters, _MATTERS),
    Page("/invoices", "Invoices", invoices, _INVOICES),
    Page("/invoices/[invoice_id]", "Invoice", invoices, _INVOICES),
    Page("/submissions", "Submissions", submissions, _SUBMISSIONS),
    Page("/submissions/[submission_id]", "Submission", submissions, _SUBMISSIONS),
    Page("/mail", "Mail and paper", mail, _MAIL),
    Page("/mail/[mailing_id]", "Mailing", mail, _MAIL),
    Page("/letters", "Cover letter", letters, (Letters.load,)),
    Page("/rejections", "Rejections", rejections, _REJECTIONS),
    Page("/rejections/[invoice_id]", "Rejection", rejections, _REJECTIONS),
    Page("/results", "Results", results, _RESULTS),
    Page("/results/[mail_id]", "Result mail", results, _RESULTS),
    Page("/reports", "Reports", reports, _REPORTS),
    Page("/reports/[saved_report_id]", "Saved report", reports, _REPORTS),
    Page("/ledes", "LEDES workbench", ledes, (LedesBench.load,)),
    Page("/carriers", "Carriers", carriers, (Carriers.load, Carriers.watch)),
    Page("/carriers/[carrier_id]/guidelines", "Guidelines", guidelines, _GUIDELINES),
    Page(
        "/carriers/[carrier_id]/profile",
        "Carrier's profile",
        carrier_profile,
        (
            ProfileEditor.load,
            ProfileDesk.load,
            ProfileSite.load,
            ProfileRules.load,
            ProfileMail.load,
            CarrierHealth.load,
            ProfileDesk.watch_run,
            CarrierHealth.watch,
        ),
    ),
    Page("/audit", "Audit trail", audit, (AuditTrail.load, AuditTrail.watch)),
    Page("/attest", "Waiting for me", attest, (AttestPage.load, ChangeInbox.load, AttestPage.watch, ChangeInbox.watch)),
    Page("/notifications", "Notifications", notices, (NoticeList.load, NoticeList.watch)),
    Page(
        "/notifications/preferences",
        "What reaches me",
        preferences,
        (NotificationChoices.load, NotificationChoices.watch),
    ),
    Page("/notifications/deliveries", "All messages", deliveries, (DeliveryBoard.load, DeliveryBoard.watch)),
    Page("/absence", "My absence", my_absence, (StandingIn.load, StandingIn.watch)),
    Page("/people", "People and approvals", people, _PEOPLE),
    Page("404", "Page not found", not_found),
)


def add_pages(app: rx.App) -> None:
    """Register every page with the app."""
    for page in PAGES:
        app.add_page(
            page.content,
            route=page.route,
            title=f"{page.title} · {PRODUCT}",
            on_load=[
                together(f"{page.route} open", *_SHELL, *page.at_once),
                *page.on_load,
                watching(f"{page.route} watch", *page.watchers, Notices.watch),
            ],
            meta=[{"name": "robots", "content": "noindex, nofollow"}],
        )
