"""What a person may do with one proforma as a whole, now: the buttons of its page."""

from sqlmodel import Session

from models import Proforma
from models.enums import ProformaStatus
from services import lifecycle
from services.actor import Actor
from services.review.approval_steps import live_steps, waiting_step
from services.review.reviewers import acting
from services.row_ids import row_id

# Carried out by `approve` and `return_to_billing` where they are what waits for the person.
_WITHIN_OTHERS = frozenset({"approve_first", "complete", "decline"})
_WITH_PEOPLE = frozenset({ProformaStatus.IN_REVIEW, ProformaStatus.IN_APPROVAL})
_OF_A_STEP = (("return_to_billing", "Return to billing"), ("approve", "Approve"))


def verbs_of(session: Session, actor: Actor, proforma: Proforma) -> tuple[tuple[str, str], ...]:
    """Return (verb, label) pairs: by role and state, in whose place the actor acts, and by a step that waits."""
    who = acting(session, actor, proforma)
    found = [(one.verb, one.label) for one in lifecycle.available(who, proforma) if one.verb not in _WITHIN_OTHERS]
    if proforma.status not in _WITH_PEOPLE or ("approve", "Approve") in found:
        return tuple(found)
    if waiting_step(session, actor, live_steps(session, [row_id(proforma)])) is None:
        return tuple(found)
    return (*(pair for pair in _OF_A_STEP if pair not in found), *found)
