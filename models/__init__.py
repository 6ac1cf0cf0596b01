"""SQLModel tables and closed vocabularies; importing this package registers every table."""

from models.appeal import Appeal, AppealDocument, AppealLine, CutAcceptance, CutAcceptanceLine
from models.audit import AuditEvent
from models.budget import MatterBudget
from models.carrier import AccountSecret, Carrier, CarrierProfileVersion, Site, SiteAccount
from models.dry_run import DryRun, DryRunStep
from models.entry import Expense, TimeEntry
from models.guideline import GuidelineException
from models.health_walk import HealthWalk, PageBase, PageDrift, PageView
from models.invoice import Invoice, InvoiceLine, InvoiceRevision, NumberCounter
from models.ledes_file import LedesFile
from models.matter import Matter, MatterPayor, Rate
from models.notice import Notice
from models.permission import SitePermission
from models.person import Timekeeper, User, UserSession
from models.proforma import BillingRun, Proforma, ProformaFinding, ProformaLine
from models.receipt import ExpenseReceipt
from models.result import CarrierResult, MailboxState, ResultMail, ResultReport
from models.schedule import ScheduleSlot
from models.split import SplitPart, SplitProposal
from models.stored_object import StoredChunk, StoredObject
from models.submission import Evidence, SiteFinding, Submission, WorkerProcess

__all__ = [
    "AccountSecret",
    "Appeal",
    "AppealDocument",
    "AppealLine",
    "AuditEvent",
    "BillingRun",
    "Carrier",
    "CarrierProfileVersion",
    "CarrierResult",
    "CutAcceptance",
    "CutAcceptanceLine",
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
    "MailboxState",
    "Matter",
    "MatterBudget",
    "MatterPayor",
    "Notice",
    "NumberCounter",
    "PageBase",
    "PageDrift",
    "PageView",
    "Proforma",
    "ProformaFinding",
    "ProformaLine",
    "Rate",
    "ResultMail",
    "ResultReport",
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
    "TimeEntry",
    "Timekeeper",
    "User",
    "UserSession",
    "WorkerProcess",
]
