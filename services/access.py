"""Who may see and touch what, beyond the roles of the lifecycle."""

from core.errors import DeniedError
from models.enums import Role
from services.actor import Actor

SEES_ALL = (Role.BILLER, Role.ADMIN, Role.SYSTEM)


def sees_all_matters(actor: Actor) -> bool:
    """Whether the actor sees every matter; an attorney sees those he or she answers for."""
    return actor.has(*SEES_ALL)


def require(actor: Actor, *roles: Role, what: str) -> None:
    """Check that the actor holds one of the roles; `what` begins the sentence, as in 'Running the billing'.

    Raises:
        DeniedError: otherwise.
    """
    if not actor.has(*roles):
        who = " or ".join(sorted(roles))
        raise DeniedError(f"{what} is for the role {who}. Nothing was changed.")


def person_id(actor: Actor) -> int:
    """Return the person who acts, or in whose name the machine acts.

    Raises:
        DeniedError: the machine acts for nobody; such records must name a person.
    """
    found = actor.user_id if actor.user_id is not None else actor.on_behalf_of_id
    if found is None:
        raise DeniedError("Nobody is named who asked for this. Nothing was changed; start it as a person.")
    return found
