"""Returning a proforma to billing: by its responsible attorney, in that attorney's place, or by an approver."""

from collections.abc import Sequence

from sqlmodel import Session

from core.errors import DeniedError
from models import Proforma
from models.enums import ProformaStatus
from services import lifecycle
from services.actor import Actor
from services.review.approval_steps import live_steps, waiting_step
from services.review.people import name_of
from services.review.proforma_queries import visible_proforma
from services.review.returns import Reason, check_reasons, in_words, keep_return
from services.review.review_notices import tell_billing
from services.review.reviewers import acting, right_of
from services.review.sending import leave_review
from services.row_ids import row_id

_NOTE = 1000


def return_proforma(
    session: Session,
    actor: Actor,
    *,
    proforma_id: int,
    expected_version: int,
    note: str,
    reasons: Sequence[Reason] = (),
) -> Proforma:
    """Give a proforma back to billing with reasons, a note, or both; approvals given so far are void.

    Raises:
        InvalidInputError: no reason, or about a line that is not there.
        DeniedError: it is not this person's to decide.
        NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    proforma = visible_proforma(session, actor, proforma_id)
    session.refresh(proforma, with_for_update=True)
    lifecycle.check_version(proforma, expected_version)
    who, verb = _who(session, actor, proforma)
    checked = check_reasons(session, proforma_id, reasons, note)
    text = in_words(checked, note)
    named = [[one.reason.value, list(one.line_numbers)] for one in checked]
    lifecycle.apply(session, who, proforma, verb, text, reasons=named)
    proforma.return_note = text[:_NOTE]
    keep_return(session, who, proforma, checked, note)
    leave_review(session, who, [proforma_id], ends_steps=True)
    tell_billing(session, proforma, occasion=f"v{proforma.version}")
    return proforma


def _who(session: Session, actor: Actor, proforma: Proforma) -> tuple[Actor, str]:
    right = right_of(session, actor, proforma)
    if right is not None and right.may_decide and proforma.status is not ProformaStatus.IN_APPROVAL:
        return acting(session, actor, proforma), "return_to_billing"
    if right is not None and waiting_step(session, actor, live_steps(session, [row_id(proforma)])) is not None:
        return actor, "decline"
    if right is not None and right.may_review:
        owner = name_of(session, proforma.reviewer_id)
        message = f"{owner} returns it to billing. Nothing was changed; give it back with your note."
        raise DeniedError(message, proforma_id=proforma.id)
    return actor, "return_to_billing"
