"""Every status change there is, as one table; `services.lifecycle` alone carries them out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models import (
    Absence,
    Appeal,
    ApprovalRule,
    CutAcceptance,
    Delegation,
    Expense,
    Invoice,
    LineProposal,
    Mailing,
    Matter,
    NotificationDelivery,
    Proforma,
    ProformaApproval,
    ProformaForward,
    ResultMail,
    SplitProposal,
    Submission,
    TimeEntry,
)
from models.enums import (
    AcceptanceStatus,
    AppealStatus,
    ApprovalStatus,
    CashStatus,
    DecisionStatus,
    DeliveryStatus,
    DocumentStatus,
    EntryStatus,
    ForwardStatus,
    MailingStatus,
    MatterStatus,
    ProformaStatus,
    ProposalStatus,
    ResultMailStatus,
    Role,
    SubmissionStatus,
    TermStatus,
)
from services.actor import Actor

Guard = Callable[[Actor, Any], str]


class Lease(StrEnum):
    """What a ledger write does with the lease: needs none, takes a free one, needs ours, gives ours up."""

    NONE = "none"
    TAKE = "take"
    HOLD = "hold"
    DROP = "drop"


@dataclass(frozen=True)
class Transition:
    """One verb: from where to where, by whom, and the sentence people read on its button.

    `guard` returns '' or the sentence that says why this actor may not do it to this record.
    """

    verb: str
    sources: frozenset[StrEnum]
    target: StrEnum
    roles: frozenset[Role]
    label: str
    guard: Guard | None = None
    needs_note: bool = False
    lease: Lease = Lease.NONE
    rings: bool = False


@dataclass(frozen=True)
class Machine:
    """One status column of one table and its transitions."""

    name: str
    model: type[Any]
    column: str
    vocabulary: type[StrEnum]
    transitions: dict[str, Transition] = field(default_factory=dict)

    def tag(self, transition: Transition) -> str:
        """The audit tag of a transition, as in 'proforma:approve'."""
        return f"{self.name}:{transition.verb}"


_BILLER = frozenset({Role.BILLER})
_ATTORNEY = frozenset({Role.ATTORNEY})
_ADMIN = frozenset({Role.ADMIN})
_REVIEWERS = frozenset({Role.ATTORNEY, Role.BILLER})
_APPROVERS = frozenset({Role.ATTORNEY, Role.ADMIN})
_SYSTEM = frozenset({Role.SYSTEM})
_STAFF = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})
_RECORDERS = frozenset({Role.SYSTEM, Role.BILLER})
_ANYBODY = frozenset({Role.SYSTEM, Role.ATTORNEY, Role.BILLER, Role.ADMIN})
_WAKERS = frozenset({Role.ATTORNEY, Role.BILLER, Role.SYSTEM})
_DESK = frozenset({Role.SYSTEM, Role.BILLER, Role.ADMIN})


def _only_the_reviewer(actor: Actor, proforma: Proforma) -> str:
    # Who acts in the attorney's place comes here as such, from services.review.reviewers.
    if actor.stands_for(proforma.reviewer_id):
        return ""
    return "Only the matter's responsible attorney may do this, or who acts for that attorney. Nothing was changed."


def _a_biller_or_the_reviewer(actor: Actor, proforma: Proforma) -> str:
    return "" if actor.has(Role.BILLER, Role.SYSTEM) else _only_the_reviewer(actor, proforma)


def _has_something_to_bill(actor: Actor, proforma: Proforma) -> str:
    if refusal := _only_the_reviewer(actor, proforma):
        return refusal
    if proforma.billed_amount > 0:
        return ""
    return "Nothing is left to bill on this proforma. Hold it or return it instead; nothing was changed."


def _machine(name: str, model: type[Any], column: str, vocabulary: type[StrEnum], *rows: Transition) -> Machine:
    return Machine(name, model, column, vocabulary, {row.verb: row for row in rows})


def _of(*states: StrEnum) -> frozenset[StrEnum]:
    return frozenset(states)


_E, _P, _L, _D, _C, _M, _S, _R = (
    EntryStatus,
    ProformaStatus,
    ProposalStatus,
    DocumentStatus,
    DecisionStatus,
    CashStatus,
    SubmissionStatus,
    ResultMailStatus,
)


_A, _Y, _N, _K = AppealStatus, AcceptanceStatus, DeliveryStatus, MailingStatus
_A, _Y, _T, _V, _F = AppealStatus, AcceptanceStatus, TermStatus, ApprovalStatus, ForwardStatus
_VOIDABLE = (_P.DRAFT, _P.IN_REVIEW, _P.IN_APPROVAL, _P.RETURNED, _P.HELD)
_CUT = (DecisionStatus.REDUCED, DecisionStatus.DISPUTED, DecisionStatus.REJECTED)


def _entry(name: str, model: type[Any]) -> Machine:
    return _machine(
        name,
        model,
        "status",
        EntryStatus,
        Transition("submit", _of(_E.DRAFT), _E.SUBMITTED, _REVIEWERS, "Submit"),
        Transition("release", _of(_E.SUBMITTED, _E.HELD), _E.RELEASED, _BILLER, "Release for billing"),
        Transition("hold", _of(_E.SUBMITTED, _E.RELEASED), _E.HELD, _REVIEWERS, "Hold"),
        Transition("write_off", _of(_E.RELEASED, _E.HELD), _E.WRITTEN_OFF, _BILLER, "Write off"),
        Transition("bill", _of(_E.RELEASED), _E.BILLED, _BILLER, "Bill"),
        Transition("return_to_wip", _of(_E.BILLED), _E.RELEASED, _BILLER, "Return to work in progress"),
    )


def _proposal(name: str, model: type[Any]) -> Machine:
    # That who attests or declines is its timekeeper is checked by services.review: an actor's row says whose.
    return _machine(
        name,
        model,
        "status",
        ProposalStatus,
        Transition("attest", _of(_L.PROPOSED), _L.ATTESTED, _STAFF, "Attest"),
        Transition("decline", _of(_L.PROPOSED), _L.DECLINED, _STAFF, "Decline", needs_note=True),
        Transition("withdraw", _of(_L.PROPOSED, _L.ATTESTED), _L.WITHDRAWN, _STAFF, "Withdraw"),
        Transition("reinstate", _of(_L.WITHDRAWN), _L.ATTESTED, _STAFF, "Count it again"),
    )


MACHINES: tuple[Machine, ...] = (
    _machine(
        "matter",
        Matter,
        "status",
        MatterStatus,
        Transition("close", _of(MatterStatus.OPEN), MatterStatus.CLOSED, _DESK, "Close the matter", needs_note=True),
        Transition("reopen", _of(MatterStatus.CLOSED), MatterStatus.OPEN, _DESK, "Reopen the matter", needs_note=True),
    ),
    _entry("time_entry", TimeEntry),
    _entry("expense", Expense),
    _machine(
        "proforma",
        Proforma,
        "status",
        ProformaStatus,
        Transition("send_to_review", _of(_P.DRAFT, _P.RETURNED), _P.IN_REVIEW, _BILLER, "Send to review"),
        Transition(
            "return_to_billing",
            _of(_P.IN_REVIEW),
            _P.RETURNED,
            _ATTORNEY,
            "Return to billing",
            guard=_only_the_reviewer,
            needs_note=True,
        ),
        Transition("approve", _of(_P.IN_REVIEW), _P.APPROVED, _ATTORNEY, "Approve", guard=_has_something_to_bill),
        Transition(
            "approve_first",
            _of(_P.IN_REVIEW),
            _P.IN_APPROVAL,
            _ATTORNEY,
            "Approve, others follow",
            guard=_has_something_to_bill,
        ),
        # That who completes or declines was asked to approve is checked by services.review.approval_steps.
        Transition("complete", _of(_P.IN_APPROVAL), _P.APPROVED, _APPROVERS, "Approve as the last"),
        Transition(
            "decline",
            _of(_P.IN_REVIEW, _P.IN_APPROVAL),
            _P.RETURNED,
            _APPROVERS,
            "Return to billing as an approver",
            needs_note=True,
        ),
        Transition(
            "reopen",
            _of(_P.IN_APPROVAL, _P.APPROVED),
            _P.IN_REVIEW,
            _REVIEWERS,
            "Reopen the review",
            guard=_a_biller_or_the_reviewer,
        ),
        Transition(
            "hold",
            _of(_P.DRAFT, _P.IN_REVIEW, _P.RETURNED, _P.HELD),
            _P.HELD,
            _REVIEWERS,
            "Hold",
            guard=_a_biller_or_the_reviewer,
        ),
        Transition("resume", _of(_P.HELD), _P.IN_REVIEW, _WAKERS, "Resume the review", guard=_a_biller_or_the_reviewer),
        Transition("finalize", _of(_P.APPROVED), _P.FINALIZED, _BILLER, "Make the invoice"),
        Transition("void", _of(*_VOIDABLE), _P.VOIDED, _BILLER, "Void"),
    ),
    # Who may give a step, and when its stage comes, is told by services.review.approval_steps.
    _machine(
        "proforma_approval",
        ProformaApproval,
        "status",
        ApprovalStatus,
        Transition("ask", _of(_V.PENDING), _V.WAITING, _ANYBODY, "Ask"),
        Transition("give", _of(_V.WAITING), _V.GIVEN, _APPROVERS, "Approve"),
        Transition("spare", _of(_V.PENDING, _V.WAITING), _V.NOT_NEEDED, _ANYBODY, "Not needed any more"),
        Transition("void", _of(_V.PENDING, _V.WAITING, _V.GIVEN, _V.NOT_NEEDED), _V.VOID, _ANYBODY, "Make void"),
    ),
    # Who may give back and who take back is told by services.review.forwards.
    _machine(
        "proforma_forward",
        ProformaForward,
        "status",
        ForwardStatus,
        Transition("give_back", _of(_F.OPEN), _F.GIVEN_BACK, _ATTORNEY, "Give back", needs_note=True),
        Transition("take_back", _of(_F.OPEN), _F.TAKEN_BACK, _ATTORNEY, "Take back"),
        Transition("complete", _of(_F.OPEN), _F.DONE, _ANYBODY, "Done with"),
    ),
    _machine(
        "absence",
        Absence,
        "status",
        TermStatus,
        Transition("end", _of(_T.IN_FORCE), _T.ENDED, _APPROVERS, "End the absence"),
    ),
    _machine(
        "delegation",
        Delegation,
        "status",
        TermStatus,
        Transition("revoke", _of(_T.IN_FORCE), _T.ENDED, _APPROVERS, "Revoke"),
    ),
    _machine(
        "approval_rule",
        ApprovalRule,
        "status",
        TermStatus,
        Transition("end", _of(_T.IN_FORCE), _T.ENDED, frozenset({Role.ADMIN}), "End the rule"),
    ),
    _proposal("split_proposal", SplitProposal),
    _proposal("line_proposal", LineProposal),
    _machine(
        "invoice_document",
        Invoice,
        "document_status",
        DocumentStatus,
        Transition("deliver", _of(_D.OPEN), _D.DELIVERED, _RECORDERS, "Mark delivered"),
        Transition(
            "reopen", _of(_D.DELIVERED), _D.OPEN, _REVIEWERS, "Reopen for a corrected revision", needs_note=True
        ),
        Transition("supersede", _of(_D.DELIVERED), _D.SUPERSEDED, _REVIEWERS, "Supersede", needs_note=True),
        Transition("void", _of(_D.OPEN), _D.VOIDED, _BILLER, "Void", needs_note=True),
    ),
    _machine(
        "invoice_decision",
        Invoice,
        "decision_status",
        DecisionStatus,
        Transition("await_decision", _of(_C.NONE), _C.PENDING, _RECORDERS, "Await the decision"),
        Transition("record_approved", _of(_C.PENDING, _C.DISPUTED), _C.APPROVED, _RECORDERS, "Record approval"),
        Transition("record_reduced", _of(_C.PENDING, _C.DISPUTED), _C.REDUCED, _RECORDERS, "Record reduction"),
        Transition("record_disputed", _of(_C.PENDING), _C.DISPUTED, _RECORDERS, "Record dispute"),
        Transition("record_rejected", _of(_C.PENDING, _C.DISPUTED), _C.REJECTED, _RECORDERS, "Record rejection"),
        Transition("reset_decision", _of(_C.REJECTED), _C.NONE, _REVIEWERS, "Clear the decision"),
        Transition("restore_all", _of(*_CUT), _C.APPROVED, _RECORDERS, "Record that an appeal restored all of it"),
        Transition("restore_part", _of(*_CUT), _C.REDUCED, _RECORDERS, "Record that an appeal restored a part"),
    ),
    _machine(
        "invoice_cash",
        Invoice,
        "cash_status",
        CashStatus,
        Transition("record_short_payment", _of(_M.UNPAID), _M.SHORT_PAID, _BILLER, "Record short payment"),
        Transition("record_payment", _of(_M.UNPAID, _M.SHORT_PAID), _M.PAID, _BILLER, "Record payment"),
        Transition(
            "write_off_balance",
            _of(_M.UNPAID, _M.SHORT_PAID),
            _M.WRITTEN_OFF,
            _BILLER,
            "Write off the balance",
            needs_note=True,
        ),
    ),
    # That only a trusted mail is put back is checked by services.responses.result_inbox: no word makes a mail trusted.
    _machine(
        "result_mail",
        ResultMail,
        "status",
        ResultMailStatus,
        Transition("match", _of(_R.UNMATCHED), _R.MATCHED, _DESK, "Matched"),
        Transition("ignore", _of(_R.UNMATCHED, _R.NOT_TRUSTED), _R.IGNORED, _DESK, "Ignore", needs_note=True),
        Transition("reconsider", _of(_R.IGNORED), _R.UNMATCHED, _DESK, "Put back"),
    ),
    _machine(
        "appeal",
        Appeal,
        "status",
        AppealStatus,
        Transition("send", _of(_A.DRAFTED), _A.SENT, _BILLER, "Record as sent"),
        Transition("uphold", _of(_A.SENT), _A.UPHELD, _RECORDERS, "Record that it was upheld"),
        Transition("uphold_partly", _of(_A.SENT), _A.PARTLY_UPHELD, _RECORDERS, "Record that a part was upheld"),
        Transition("deny", _of(_A.SENT), _A.DENIED, _RECORDERS, "Record that it was denied"),
        Transition("expire", _of(_A.DRAFTED), _A.EXPIRED, _SYSTEM, "Let it run out"),
        Transition("withdraw", _of(_A.DRAFTED), _A.WITHDRAWN, _REVIEWERS, "Withdraw"),
    ),
    # Who may approve how much is checked by services.responses.cut_acceptances: by the matter and the firm's limit.
    _machine(
        "cut_acceptance",
        CutAcceptance,
        "status",
        AcceptanceStatus,
        Transition("accept", _of(_Y.PROPOSED), _Y.ACCEPTED, _APPROVERS, "Accept the cut"),
        Transition("decline", _of(_Y.PROPOSED), _Y.DECLINED, _APPROVERS, "Decline", needs_note=True),
        Transition("withdraw", _of(_Y.PROPOSED), _Y.WITHDRAWN, _REVIEWERS, "Withdraw"),
    ),
    _machine(
        "notification_delivery",
        NotificationDelivery,
        "status",
        DeliveryStatus,
        Transition("claim", _of(_N.QUEUED), _N.SENDING, _SYSTEM, "Take up to send"),
        Transition("requeue", _of(_N.SENDING), _N.QUEUED, _SYSTEM, "Put back to try again"),
        Transition("record_sent", _of(_N.SENDING), _N.SENT, _SYSTEM, "Record as sent"),
        Transition("record_delivered", _of(_N.SENDING, _N.SENT), _N.DELIVERED, _SYSTEM, "Record as delivered"),
        Transition("doubt", _of(_N.SENDING), _N.UNCERTAIN, _SYSTEM, "Put in doubt"),
        Transition("fail", _of(_N.SENDING), _N.FAILED, _SYSTEM, "Record as failed"),
        # A mail server may answer before the sender has written down that it sent, or after a second try was queued.
        Transition("bounce", _of(_N.QUEUED, _N.SENDING, _N.SENT, _N.DELIVERED), _N.BOUNCED, _SYSTEM, "Record a bounce"),
        Transition("drop", _of(_N.QUEUED), _N.DROPPED, frozenset({Role.SYSTEM, Role.ADMIN}), "Do not send"),
        Transition("resend", _of(_N.FAILED, _N.BOUNCED, _N.UNCERTAIN), _N.QUEUED, _ADMIN, "Send again"),
    ),
    _machine(
        "submission",
        Submission,
        "status",
        SubmissionStatus,
        Transition("claim", _of(_S.READY, _S.CLAIMED), _S.CLAIMED, _SYSTEM, "Claim", lease=Lease.TAKE),
        Transition("verify", _of(_S.INTENT), _S.INTENT, _SYSTEM, "Take over and verify", lease=Lease.TAKE),
        Transition(
            "declare_intent", _of(_S.CLAIMED, _S.INTENT), _S.INTENT, _SYSTEM, "Declare intent", lease=Lease.HOLD
        ),
        Transition("look_later", _of(_S.INTENT), _S.INTENT, _SYSTEM, "Look again later", lease=Lease.HOLD),
        Transition("deliver", _of(_S.CLAIMED, _S.INTENT), _S.DELIVERED, _SYSTEM, "Record receipt", lease=Lease.DROP),
        Transition("refuse", _of(_S.CLAIMED, _S.INTENT), _S.REFUSED, _SYSTEM, "Record refusal", lease=Lease.DROP),
        Transition("release", _of(_S.CLAIMED, _S.INTENT), _S.READY, _SYSTEM, "Put back unclicked", lease=Lease.DROP),
        Transition(
            "need_attention", _of(_S.CLAIMED), _S.NEEDS_ATTENTION, _SYSTEM, "Ask for attention", lease=Lease.DROP
        ),
        Transition("doubt", _of(_S.CLAIMED, _S.INTENT), _S.IN_DOUBT, _SYSTEM, "Put in doubt", lease=Lease.DROP),
        Transition("set_aside", _of(_S.READY), _S.NEEDS_ATTENTION, _BILLER, "Set aside to upload by hand"),
        Transition("retry", _of(_S.NEEDS_ATTENTION), _S.READY, _BILLER, "Try again", rings=True),
        Transition("go_on", _of(_S.NEEDS_ATTENTION), _S.READY, _SYSTEM, "Go on with its account"),
        Transition(
            "confirm_delivered",
            _of(_S.IN_DOUBT),
            _S.DELIVERED,
            _BILLER,
            "It is on the site",
            needs_note=True,
        ),
        Transition(
            "confirm_absent",
            _of(_S.IN_DOUBT),
            _S.READY,
            _BILLER,
            "It is not on the site: send again",
            needs_note=True,
            rings=True,
        ),
        Transition(
            "look_again", _of(_S.IN_DOUBT), _S.INTENT, _BILLER, "Look again on the site, send nothing", rings=True
        ),
        Transition(
            "record_by_hand",
            _of(_S.NEEDS_ATTENTION),
            _S.DELIVERED,
            _BILLER,
            "Uploaded by hand",
            needs_note=True,
        ),
    ),
    # What a person alone knows of a mail: whether it arrived. What the machine knows: that a server took it.
    _machine(
        "mailing",
        Mailing,
        "status",
        MailingStatus,
        Transition("declare", _of(_K.READY), _K.INTENT, _SYSTEM, "Begin to send"),
        Transition("send", _of(_K.INTENT, _K.IN_DOUBT), _K.SENT, _SYSTEM, "Record that it was sent"),
        Transition("put_back", _of(_K.INTENT), _K.READY, _SYSTEM, "Put back unsent"),
        Transition("stop", _of(_K.READY, _K.INTENT), _K.NEEDS_ATTENTION, _SYSTEM, "Ask for attention"),
        Transition("doubt", _of(_K.INTENT), _K.IN_DOUBT, _SYSTEM, "Put in doubt"),
        Transition("bounce", _of(_K.INTENT, _K.IN_DOUBT, _K.SENT), _K.BOUNCED, _SYSTEM, "Record that it came back"),
        Transition("confirm_sent", _of(_K.IN_DOUBT), _K.SENT, _BILLER, "It was sent", needs_note=True),
        Transition("confirm_unsent", _of(_K.IN_DOUBT), _K.READY, _BILLER, "It was not sent: send it", needs_note=True),
        Transition("retry", _of(_K.NEEDS_ATTENTION), _K.READY, _BILLER, "Try again"),
        Transition("print", _of(_K.READY), _K.PRINTED, _BILLER, "Print"),
        Transition("print_again", _of(_K.PRINTED), _K.READY, _BILLER, "Print again", needs_note=True),
        Transition("post", _of(_K.PRINTED), _K.SENT, _BILLER, "Record as posted"),
        Transition("send_again", _of(_K.SENT, _K.BOUNCED), _K.READY, _BILLER, "Send again", needs_note=True),
        Transition("confirm_arrived", _of(_K.BOUNCED), _K.SENT, _BILLER, "It arrived all the same", needs_note=True),
        Transition(
            "withdraw",
            _of(_K.READY, _K.NEEDS_ATTENTION, _K.PRINTED),
            _K.WITHDRAWN,
            _BILLER,
            "Withdraw",
            needs_note=True,
        ),
        Transition("queue_again", _of(_K.WITHDRAWN), _K.READY, _BILLER, "Queue again"),
    ),
)


def machines_of(model: type[Any]) -> tuple[Machine, ...]:
    """Return the machines of a table; an invoice has three."""
    return tuple(machine for machine in MACHINES if machine.model is model)


def find(model: type[Any], verb: str) -> tuple[Machine, Transition]:
    """Return the machine and transition of a verb.

    Raises:
        LookupError: the table declares no such verb; a programming error, not a person's.
    """
    for machine in machines_of(model):
        if verb in machine.transitions:
            return machine, machine.transitions[verb]
    message = f"{model.__name__} has no verb {verb!r}"
    raise LookupError(message)
