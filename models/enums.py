"""Closed vocabularies; a member equals its stored value."""

from enum import StrEnum


class Role(StrEnum):
    """What a person, or the machine itself, may do."""

    BILLER = "biller"
    ATTORNEY = "attorney"
    ADMIN = "admin"
    SYSTEM = "system"


class MatterStatus(StrEnum):
    """Whether work on a matter may be billed."""

    OPEN = "open"
    CLOSED = "closed"


class BillingFrequency(StrEnum):
    """How often a matter is billed; quarters, halves and years are those of the calendar."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMIANNUAL = "semiannual"
    ANNUAL = "annual"
    AT_CLOSE = "at_close"
    ON_DEMAND = "on_demand"


class EntryKind(StrEnum):
    """Fee, expense, or a discount on all fees or expenses of a bill, as LEDES spells it in EXP/FEE/INV_ADJ_TYPE."""

    FEE = "F"
    EXPENSE = "E"
    FEE_DISCOUNT = "IF"
    EXPENSE_DISCOUNT = "IE"


class EntryStatus(StrEnum):
    """Life of a time entry or an expense."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RELEASED = "released"
    BILLED = "billed"
    HELD = "held"
    WRITTEN_OFF = "written_off"


class ProformaStatus(StrEnum):
    """Life of a proforma; in approval, its responsible attorney has approved it and others have yet to."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    IN_APPROVAL = "in_approval"
    RETURNED = "returned"
    APPROVED = "approved"
    FINALIZED = "finalized"
    HELD = "held"
    VOIDED = "voided"


class LineTreatment(StrEnum):
    """What was decided about a proforma line; only billed lines reach the invoice.

    Of a split line its parts bill, of combined ones the line that they were combined into; a transferred one is work
    in progress of another matter.
    """

    BILL = "bill"
    WRITE_OFF = "write_off"
    HOLD = "hold"
    SPLIT = "split"
    COMBINED = "combined"
    TRANSFER = "transfer"


class EditKind(StrEnum):
    """What a step of editing a proforma did."""

    LINE = "line"
    WRITE_DOWN = "write_down"
    WRITE_OFF = "write_off"
    HOLD = "hold"
    RESTORE = "restore"
    FIX = "fix"
    LINE_DISCOUNT = "line_discount"
    NO_CHARGE = "no_charge"
    NO_PRINT = "no_print"
    BILL_DISCOUNT = "bill_discount"
    TRANSFER = "transfer"
    COMBINE = "combine"
    ADD = "add"
    SPLIT = "split"
    ATTEST = "attest"
    UNDO = "undo"


class ProposalKind(StrEnum):
    """What a reviewer proposes of somebody's entry, and its timekeeper alone attests."""

    TEXT = "text"
    HOURS = "hours"
    DATE = "date"
    PERFORMER = "performer"


class ProposalStatus(StrEnum):
    """Life of a proposal about somebody's entry: only its timekeeper attests it."""

    PROPOSED = "proposed"
    ATTESTED = "attested"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TermStatus(StrEnum):
    """Life of what holds until somebody ends it: an absence, a delegation, an approval rule."""

    IN_FORCE = "in_force"
    ENDED = "ended"


class ApproverKind(StrEnum):
    """Whom an approval rule names: a person, the lead of the attorney's team, or any administrator."""

    PERSON = "person"
    TEAM_LEAD = "team_lead"
    ADMIN = "admin"


class StageMode(StrEnum):
    """Whether all who are asked at a stage must approve, or one of them."""

    ALL = "all"
    ANY = "any"


class ApprovalStatus(StrEnum):
    """Life of one step of an approval: its stage has yet to come, waits, given; another's sufficed; void."""

    PENDING = "pending"
    WAITING = "waiting"
    GIVEN = "given"
    NOT_NEEDED = "not_needed"
    VOID = "void"


class ForwardStatus(StrEnum):
    """Life of a proforma in another attorney's hands."""

    OPEN = "open"
    GIVEN_BACK = "given_back"
    TAKEN_BACK = "taken_back"
    DONE = "done"


class ReturnReason(StrEnum):
    """Why an attorney returns a proforma, or a line of it, to billing."""

    WRONG_CODE = "wrong_code"
    TOO_VAGUE = "too_vague"
    TOO_MANY_HOURS = "too_many_hours"
    WRONG_MATTER = "wrong_matter"
    RATE = "rate"
    HOLD = "hold"
    OTHER = "other"


class DocumentStatus(StrEnum):
    """Where the invoice itself is."""

    OPEN = "open"
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    VOIDED = "voided"


class DecisionStatus(StrEnum):
    """What the carrier says about the invoice."""

    NONE = "none"
    PENDING = "pending"
    APPROVED = "approved"
    REDUCED = "reduced"
    DISPUTED = "disputed"
    REJECTED = "rejected"


class AppealRouteKind(StrEnum):
    """What a carrier's site lets a firm appeal: cut lines, anything while unpaid, or the whole invoice once more."""

    LINES_ONLY = "lines_only"
    BEFORE_PAYMENT = "before_payment"
    SECOND_REVIEW = "second_review"


class AppealStatus(StrEnum):
    """Life of an appeal: a draft runs out by the clock, one that was sent waits for the carrier's answer."""

    DRAFTED = "drafted"
    SENT = "sent"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    DENIED = "denied"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class AcceptanceStatus(StrEnum):
    """Life of a proposal to give up what a carrier cut."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CashStatus(StrEnum):
    """What has been paid of the invoice."""

    UNPAID = "unpaid"
    SHORT_PAID = "short_paid"
    PAID = "paid"
    WRITTEN_OFF = "written_off"


class SubmissionStatus(StrEnum):
    """Life of one attempt to place one invoice revision through one site account."""

    READY = "ready"
    CLAIMED = "claimed"
    INTENT = "intent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    NEEDS_ATTENTION = "needs_attention"
    IN_DOUBT = "in_doubt"


class DeliveryChannel(StrEnum):
    """How a payor takes its invoices: on its site, by e-mail, or on paper."""

    SITE = "site"
    EMAIL = "email"
    PAPER = "paper"


class MailingStatus(StrEnum):
    """Life of an invoice that goes by e-mail or on paper; only a person decides one whose outcome is unknown."""

    READY = "ready"
    INTENT = "intent"
    PRINTED = "printed"
    SENT = "sent"
    BOUNCED = "bounced"
    NEEDS_ATTENTION = "needs_attention"
    IN_DOUBT = "in_doubt"
    WITHDRAWN = "withdrawn"


class PrintGrouping(StrEnum):
    """By what the invoices of a print batch were put together."""

    PAYOR = "payor"
    ATTORNEY = "attorney"
    CHOSEN = "chosen"


class Cadence(StrEnum):
    """How often a report is sent."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class ReceiptSource(StrEnum):
    """Who says that the site has the file: the site itself, or a person who looked."""

    SITE = "site"
    PERSON = "person"


class NoticeKind(StrEnum):
    """What a person is told by the bell; the sentence is made from the record it names."""

    ACCOUNT_STOPPED = "account_stopped"
    CARRIER_STOPPED = "carrier_stopped"
    PASSWORD_EXPIRES = "password_expires"  # noqa: S105 -- a kind of notice
    APPEAL_DUE = "appeal_due"
    APPEAL_EXPIRED = "appeal_expired"
    CUT_TO_APPROVE = "cut_to_approve"
    REJECTION_HANDED_ON = "rejection_handed_on"
    DOUBT_ASSIGNED = "doubt_assigned"
    DOUBT_OVERDUE = "doubt_overdue"
    PAGE_DRIFT = "page_drift"
    SITE_AWAY = "site_away"
    PROFORMA_WAITS = "proforma_waits"
    PROFORMA_RETURNED = "proforma_returned"
    PROFORMA_REMINDER = "proforma_reminder"
    PROFORMA_ESCALATED = "proforma_escalated"
    PROFORMA_FORWARDED = "proforma_forwarded"
    APPROVAL_WAITS = "approval_waits"
    MENTIONED = "mentioned"
    ATTESTATION_WAITS = "attestation_waits"
    HOLD_ENDS = "hold_ends"
    CUT_OFF_NEAR = "cut_off_near"
    REPORT_READY = "report_ready"
    ADDRESS_BOUNCES = "address_bounces"
    MAILING_STOPPED = "mailing_stopped"
    WORK_GIVEN_ON = "work_given_on"


class NotificationChannel(StrEnum):
    """How a person is told beyond the bell."""

    EMAIL = "email"
    SMS = "sms"
    SLACK = "slack"


class Rhythm(StrEnum):
    """How soon a person is told by a channel; all but e-mail know only at once or not at all."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"
    OFF = "off"


class DeliveryStatus(StrEnum):
    """Life of one message to one person; `uncertain` left us and nobody knows whether it arrived."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    BOUNCED = "bounced"
    DROPPED = "dropped"


class ResultMailStatus(StrEnum):
    """Life of a mail in the inbox of results: understood whole, waiting for a person, or of no consequence."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    NOT_TRUSTED = "not_trusted"
    IGNORED = "ignored"


class ResultStanding(StrEnum):
    """What became of one result: recorded, known before, waiting for the delivery, not fitting, unknown."""

    RECORDED = "recorded"
    KNOWN = "known"
    WAITING = "waiting"
    MISFIT = "misfit"
    UNKNOWN = "unknown"


class LedesFileOrigin(StrEnum):
    """How a file came onto the LEDES workbench."""

    UPLOADED = "uploaded"
    MENDED = "mended"
    CONVERTED = "converted"


class FindingAction(StrEnum):
    """What a guideline rule does with the line it found; nothing when the carrier's handler allowed it."""

    BLOCK = "block"
    REDUCE = "reduce"
    WARN = "warn"
    ALLOWED = "allowed"


class PermissionPurpose(StrEnum):
    """What a permission allows: a machine at the site's pages, or plain HTTP within its signed-in session."""

    AUTOMATION = "automation"
    FORM_LANE = "form_lane"


class PermissionBasis(StrEnum):
    """On what a permission to automate rests."""

    CARRIER = "carrier"
    COUNSEL = "counsel"


class DryRunEnd(StrEnum):
    """How a dry run ended: it came to the upload, a step failed, or it could not be made."""

    REACHED = "reached"
    FAILED = "failed"
    NOT_MADE = "not_made"


class WalkEnd(StrEnum):
    """How a health walk ended: all pages seen, a page not as described, the site's own maintenance, not reached.

    `stopped` is where the account may not go on, as after a refused log-in.
    """

    WALKED = "walked"
    CHANGED = "changed"
    CLOSED = "closed"
    AWAY = "away"
    STOPPED = "stopped"
    NOT_MADE = "not_made"


class DriftEnd(StrEnum):
    """How a page's drift ended: its new look was taken as the base, the old one came back, or the profile changed."""

    ACCEPTED = "accepted"
    GONE = "gone"
    REPLACED = "replaced"


class DryRunStepResult(StrEnum):
    """What came of one step; what stands behind the stop is looked for and not done."""

    DONE = "done"
    FAILED = "failed"
    SEEN = "seen"
    NOT_SEEN = "not_seen"
