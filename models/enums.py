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


class EntryKind(StrEnum):
    """Fee or expense, as LEDES spells it in EXP/FEE/INV_ADJ_TYPE."""

    FEE = "F"
    EXPENSE = "E"


class EntryStatus(StrEnum):
    """Life of a time entry or an expense."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RELEASED = "released"
    BILLED = "billed"
    HELD = "held"
    WRITTEN_OFF = "written_off"


class ProformaStatus(StrEnum):
    """Life of a proforma."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    FINALIZED = "finalized"
    HELD = "held"
    VOIDED = "voided"


class LineTreatment(StrEnum):
    """What was decided about a proforma line; only billed lines reach the invoice. Of a split line its parts bill."""

    BILL = "bill"
    WRITE_OFF = "write_off"
    HOLD = "hold"
    SPLIT = "split"


class SplitStatus(StrEnum):
    """Life of a proposal to split a line: only its timekeeper attests it."""

    PROPOSED = "proposed"
    ATTESTED = "attested"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


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
