"""Every page of the portal: its address, title, content and what it loads. The one place to add a page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from pages.attest import attest
from pages.audit import audit
from pages.billing import billing
from pages.carrier_profile import carrier_profile
from pages.carriers import carriers
from pages.guidelines import guidelines
from pages.invoices import invoices
from pages.ledes import ledes
from pages.not_found import not_found
from pages.proforma import proforma
from pages.rejections import rejections
from pages.results import results
from pages.review import review
from pages.submissions import submissions
from pages.today import today
from pages.ui.navigation import PRODUCT
from state.attest import AttestPage
from state.audit import AuditTrail
from state.billing_run import BillingRunPage
from state.carriers import Carriers
from state.finalizing import Finalizing
from state.guideline_permissions import GuidelinePermissions
from state.guideline_proposal import GuidelineProposal
from state.guidelines import GuidelineEditor
from state.health_walk import CarrierHealth
from state.invoice import InvoicePage
from state.invoices import Invoices
from state.ledes_bench import LedesBench
from state.notices import Notices
from state.profile_desk import ProfileDesk
from state.profile_editor import ProfileEditor
from state.profile_mail import ProfileMail
from state.profile_rules import ProfileRules
from state.profile_site import ProfileSite
from state.proforma import ProformaPage
from state.proforma_budget import ProformaBudget
from state.rejection import RejectionPage
from state.rejections import Rejections
from state.result_mail import ResultMailPage
from state.result_report import ResultReportPage
from state.results import Results
from state.review import ReviewQueue
from state.rule_proposals import RuleProposals
from state.submission import SubmissionPage
from state.submissions import Submissions
from state.today import Today
from state.viewer import Viewer
from state.waiting import Waiting


@dataclass(frozen=True)
class Page:
    """One page; `on_load` runs after the viewer is known, background watchers last."""

    route: str
    title: str
    content: Callable[[], rx.Component]
    on_load: tuple[Any, ...] = ()


_INVOICES = (Invoices.load, InvoicePage.load, Invoices.watch, InvoicePage.watch)
_PROFORMA = (ProformaPage.load, ProformaBudget.load, ProformaPage.watch, ProformaBudget.watch)
_SUBMISSIONS = (Submissions.load, SubmissionPage.load, Submissions.watch, SubmissionPage.watch)
_REJECTIONS = (Rejections.load, RejectionPage.load, RuleProposals.load, Rejections.watch, RejectionPage.watch)
_GUIDELINES = (
    GuidelineEditor.load,
    GuidelinePermissions.load,
    GuidelineProposal.load,
    GuidelineEditor.watch,
    GuidelinePermissions.watch,
)
_RESULTS = (Results.load, ResultMailPage.load, ResultReportPage.load, Results.watch, ResultMailPage.watch)
PAGES = (
    Page("/", "Today", today, (Today.load, Today.watch)),
    Page("/review", "Review", review, (ReviewQueue.load, ReviewQueue.watch)),
    Page("/proforma/[proforma_id]", "Proforma", proforma, _PROFORMA),
    Page(
        "/billing", "Billing", billing, (BillingRunPage.load, Finalizing.load, BillingRunPage.watch, Finalizing.watch)
    ),
    Page("/invoices", "Invoices", invoices, _INVOICES),
    Page("/invoices/[invoice_id]", "Invoice", invoices, _INVOICES),
    Page("/submissions", "Submissions", submissions, _SUBMISSIONS),
    Page("/submissions/[submission_id]", "Submission", submissions, _SUBMISSIONS),
    Page("/rejections", "Rejections", rejections, _REJECTIONS),
    Page("/rejections/[invoice_id]", "Rejection", rejections, _REJECTIONS),
    Page("/results", "Results", results, _RESULTS),
    Page("/results/[mail_id]", "Result mail", results, _RESULTS),
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
    Page("/attest", "Waiting for me", attest, (AttestPage.load, AttestPage.watch)),
    Page("404", "Page not found", not_found),
)


def add_pages(app: rx.App) -> None:
    """Register every page with the app."""
    for page in PAGES:
        app.add_page(
            page.content,
            route=page.route,
            title=f"{page.title} · {PRODUCT}",
            on_load=[Viewer.load, Waiting.load, Notices.load, *page.on_load, Notices.watch],
            meta=[{"name": "robots", "content": "noindex, nofollow"}],
        )
