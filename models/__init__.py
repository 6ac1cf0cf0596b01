"""SQLModel tables and closed vocabularies; importing this package registers every table."""

from models.appeal import Appeal, AppealDocument, AppealLine, CutAcceptance, CutAcceptanceLine
from models.approval import ApprovalRule, ProformaApproval
from models.audit import AuditEvent
from models.billing_calendar import BillingPeriod, ClosingDay
from models.budget import MatterBudget
from models.carrier import AccountSecret, Carrier, CarrierProfileVersion, Site, SiteAccount
from models.comment import Comment, CommentMention, Presence
from models.dry_run import DryRun, DryRunStep
from models.entry import Expense, TimeEntry
from models.guideline import GuidelineException
from models.handing_on import ProformaForward, ProformaReturn, ProformaReturnReason
from models.health_walk import HealthWalk, PageBase, PageDrift, PageView
from models.invoice import Invoice, InvoiceLine, InvoiceRevision, NumberCounter
from models.ledes_file import LedesFile
from models.mailing import LetterText, Mailing, PrintBatch
from models.matter import Matter, MatterPayor, Rate
from models.notice import Notice
from models.notification import (
    NotificationDelivery,
    NotificationItem,
    NotificationPreference,
    NotificationSetting,
    PersonSecret,
)
from models.permission import SitePermission
from models.person import Timekeeper, User, UserSession
from models.proforma import BillingRun, Proforma, ProformaEdit, ProformaFinding, ProformaLine
from models.proposal import LineProposal, SplitPart, SplitProposal
from models.receipt import ExpenseReceipt
from models.report import ReportMail, ReportSchedule, SavedReport
from models.result import CarrierResult, MailboxState, ResultMail, ResultReport
from models.review_policy import ReviewCap, ReviewPolicy
from models.schedule import ScheduleSlot
from models.standing_in import Absence, Delegation
from models.stored_object import StoredChunk, StoredObject
from models.submission import Evidence, SiteFinding, Submission, WorkerProcess
from models.team import Team, TeamMember

__all__ = [
    "Absence",
    "AccountSecret",
    "Appeal",
    "AppealDocument",
    "AppealLine",
    "ApprovalRule",
    "AuditEvent",
    "BillingPeriod",
    "BillingRun",
    "Carrier",
    "CarrierProfileVersion",
    "CarrierResult",
    "ClosingDay",
    "Comment",
    "CommentMention",
    "CutAcceptance",
    "CutAcceptanceLine",
    "Delegation",
    "DryRun",
    "DryRunStep",
    "Evidence",
    "Expense",
    "ExpenseReceipt",
    "GuidelineException",
    "HealthWalk",
    "Invoice",
    "InvoiceLine",
    "InvoiceRevision",
    "LedesFile",
    "LetterText",
    "LineProposal",
    "MailboxState",
    "Mailing",
    "Matter",
    "MatterBudget",
    "MatterPayor",
    "Notice",
    "NotificationDelivery",
    "NotificationItem",
    "NotificationPreference",
    "NotificationSetting",
    "NumberCounter",
    "PageBase",
    "PageDrift",
    "PageView",
    "PersonSecret",
    "Presence",
    "PrintBatch",
    "Proforma",
    "ProformaApproval",
    "ProformaEdit",
    "ProformaFinding",
    "ProformaForward",
    "ProformaLine",
    "ProformaReturn",
    "ProformaReturnReason",
    "Rate",
    "ReportMail",
    "ReportSchedule",
    "ResultMail",
    "ResultReport",
    "ReviewCap",
    "ReviewPolicy",
    "SavedReport",
    "ScheduleSlot",
    "Site",
    "SiteAccount",
    "SiteFinding",
    "SitePermission",
    "SplitPart",
    "SplitProposal",
    "StoredChunk",
    "StoredObject",
    "Submission",
    "Team",
    "TeamMember",
    "TimeEntry",
    "Timekeeper",
    "User",
    "UserSession",
    "WorkerProcess",
]
