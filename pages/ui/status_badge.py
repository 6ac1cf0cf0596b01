"""States as colour, word and icon: grey draft, blue with someone, amber returned or in doubt, green, red."""

from dataclasses import dataclass
from enum import StrEnum

import reflex as rx

from models.enums import (
    AcceptanceStatus,
    AppealStatus,
    CashStatus,
    DecisionStatus,
    DeliveryStatus,
    DocumentStatus,
    EntryStatus,
    FindingAction,
    MailingStatus,
    ProformaStatus,
    ResultMailStatus,
    ResultStanding,
    SubmissionStatus,
)


@dataclass(frozen=True)
class Look:
    """Tone (grey, blue, amber, green, red), icon and word of one state."""

    tone: str
    icon: str
    word: str


LOOKS: dict[type[StrEnum], dict[StrEnum, Look]] = {
    EntryStatus: {
        EntryStatus.DRAFT: Look("grey", "pencil", "Draft"),
        EntryStatus.SUBMITTED: Look("blue", "send", "Submitted"),
        EntryStatus.RELEASED: Look("blue", "circle-dot", "Ready to bill"),
        EntryStatus.BILLED: Look("green", "check", "Billed"),
        EntryStatus.HELD: Look("amber", "pause", "Held"),
        EntryStatus.WRITTEN_OFF: Look("grey", "ban", "Written off"),
    },
    ProformaStatus: {
        ProformaStatus.DRAFT: Look("grey", "pencil", "Draft"),
        ProformaStatus.IN_REVIEW: Look("blue", "eye", "In review"),
        ProformaStatus.IN_APPROVAL: Look("blue", "users", "In approval"),
        ProformaStatus.RETURNED: Look("amber", "undo-2", "Returned"),
        ProformaStatus.APPROVED: Look("green", "check", "Approved"),
        ProformaStatus.FINALIZED: Look("green", "file-check", "Finalized"),
        ProformaStatus.HELD: Look("amber", "pause", "Held"),
        ProformaStatus.VOIDED: Look("grey", "ban", "Voided"),
    },
    DocumentStatus: {
        DocumentStatus.OPEN: Look("grey", "file", "Open"),
        DocumentStatus.DELIVERED: Look("green", "check", "Delivered"),
        DocumentStatus.SUPERSEDED: Look("grey", "file-stack", "Superseded"),
        DocumentStatus.VOIDED: Look("grey", "ban", "Voided"),
    },
    DecisionStatus: {
        DecisionStatus.NONE: Look("grey", "minus", "Not sent"),
        DecisionStatus.PENDING: Look("blue", "hourglass", "With carrier"),
        DecisionStatus.APPROVED: Look("green", "check", "Approved"),
        DecisionStatus.REDUCED: Look("amber", "scissors", "Reduced"),
        DecisionStatus.DISPUTED: Look("amber", "message-circle-warning", "Disputed"),
        DecisionStatus.REJECTED: Look("red", "x", "Rejected"),
    },
    AppealStatus: {
        AppealStatus.DRAFTED: Look("grey", "pencil", "Drafted"),
        AppealStatus.SENT: Look("blue", "send", "Sent"),
        AppealStatus.UPHELD: Look("green", "check", "Upheld"),
        AppealStatus.PARTLY_UPHELD: Look("amber", "check", "Partly upheld"),
        AppealStatus.DENIED: Look("red", "x", "Denied"),
        AppealStatus.EXPIRED: Look("red", "clock", "Ran out"),
        AppealStatus.WITHDRAWN: Look("grey", "undo-2", "Withdrawn"),
    },
    AcceptanceStatus: {
        AcceptanceStatus.PROPOSED: Look("blue", "hourglass", "Waits for approval"),
        AcceptanceStatus.ACCEPTED: Look("grey", "check", "Accepted"),
        AcceptanceStatus.DECLINED: Look("amber", "undo-2", "Declined"),
        AcceptanceStatus.WITHDRAWN: Look("grey", "ban", "Taken back"),
    },
    CashStatus: {
        CashStatus.UNPAID: Look("grey", "circle", "Unpaid"),
        CashStatus.SHORT_PAID: Look("amber", "circle-alert", "Short paid"),
        CashStatus.PAID: Look("green", "check", "Paid"),
        CashStatus.WRITTEN_OFF: Look("grey", "ban", "Written off"),
    },
    SubmissionStatus: {
        SubmissionStatus.READY: Look("grey", "clock", "Ready"),
        SubmissionStatus.CLAIMED: Look("blue", "loader", "Opening site"),
        SubmissionStatus.INTENT: Look("blue", "upload", "Sending"),
        SubmissionStatus.DELIVERED: Look("green", "check", "Delivered"),
        SubmissionStatus.REFUSED: Look("red", "x", "Refused"),
        SubmissionStatus.NEEDS_ATTENTION: Look("amber", "triangle-alert", "Needs attention"),
        SubmissionStatus.IN_DOUBT: Look("amber", "circle-help", "In doubt"),
    },
    DeliveryStatus: {
        DeliveryStatus.QUEUED: Look("grey", "clock", "Waiting"),
        DeliveryStatus.SENDING: Look("blue", "loader", "Sending"),
        DeliveryStatus.SENT: Look("green", "send", "Sent"),
        DeliveryStatus.DELIVERED: Look("green", "check", "Delivered"),
        DeliveryStatus.UNCERTAIN: Look("amber", "circle-help", "In doubt"),
        DeliveryStatus.FAILED: Look("red", "x", "Failed"),
        DeliveryStatus.BOUNCED: Look("red", "undo-2", "Bounced"),
        DeliveryStatus.DROPPED: Look("grey", "ban", "Not needed"),
    },
    MailingStatus: {
        MailingStatus.READY: Look("grey", "clock", "Waiting"),
        MailingStatus.INTENT: Look("blue", "send", "Being sent"),
        MailingStatus.PRINTED: Look("blue", "printer", "Printed"),
        MailingStatus.SENT: Look("green", "check", "Sent"),
        MailingStatus.BOUNCED: Look("red", "undo-2", "Came back"),
        MailingStatus.NEEDS_ATTENTION: Look("amber", "triangle-alert", "Needs attention"),
        MailingStatus.IN_DOUBT: Look("amber", "circle-help", "In doubt"),
        MailingStatus.WITHDRAWN: Look("grey", "undo-2", "Withdrawn"),
    },
    ResultMailStatus: {
        ResultMailStatus.MATCHED: Look("green", "check", "Recorded"),
        ResultMailStatus.UNMATCHED: Look("amber", "mail-question", "Not understood"),
        ResultMailStatus.NOT_TRUSTED: Look("red", "shield-alert", "Not trusted"),
        ResultMailStatus.IGNORED: Look("grey", "archive", "Ignored"),
    },
    ResultStanding: {
        ResultStanding.RECORDED: Look("green", "check", "Recorded"),
        ResultStanding.KNOWN: Look("grey", "check-check", "Known before"),
        ResultStanding.WAITING: Look("blue", "hourglass", "Not delivered yet"),
        ResultStanding.MISFIT: Look("amber", "triangle-alert", "Does not fit"),
        ResultStanding.UNKNOWN: Look("amber", "circle-help", "Unknown number"),
    },
    FindingAction: {
        FindingAction.BLOCK: Look("red", "octagon-x", "Blocks"),
        FindingAction.REDUCE: Look("amber", "scissors", "Would be cut"),
        FindingAction.WARN: Look("amber", "triangle-alert", "Check"),
        FindingAction.ALLOWED: Look("grey", "badge-check", "Allowed"),
    },
}


def status_badge(vocabulary: type[StrEnum], value: rx.Var[str] | StrEnum) -> rx.Component:
    """Return the badge of a state: `status_badge(ProformaStatus, row.status)`."""
    looks = LOOKS[vocabulary]
    if isinstance(value, StrEnum):
        return badge(looks[value])
    return rx.match(value, *((member.value, badge(look)) for member, look in looks.items()), rx.el.span(value))


def badge(look: Look) -> rx.Component:
    """Return a badge of any look."""
    return rx.el.span(rx.icon(look.icon, size=13, aria_hidden="true"), look.word, class_name=f"badge badge-{look.tone}")
