"""Who acts: a signed-in person, or the machine in the name of one."""

from dataclasses import dataclass

from models.enums import Role
from models.person import User


@dataclass(frozen=True)
class Actor:
    """The one who asks for a change.

    `user_id` is None for the machine acting by itself; `on_behalf_of_id` names the person whose
    request a job carries out, or in whose place this one acts. `timekeeper_id` is the timekeeper that
    the person is; None where that is nobody, or was not read.
    """

    user_id: int | None
    name: str
    roles: frozenset[Role]
    on_behalf_of_id: int | None = None
    timekeeper_id: int | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds one of the roles."""
        return not self.roles.isdisjoint(roles)

    def stands_for(self, user_id: int | None) -> bool:
        """Whether the actor is this person, or acts in this person's place."""
        return user_id is not None and user_id in (self.user_id, self.on_behalf_of_id)

    @property
    def audit_role(self) -> str:
        """The roles as the audit trail spells them: 'admin+biller'."""
        return "+".join(sorted(self.roles))[:20]


def actor_of(user: User) -> Actor:
    """Return the actor that a signed-in person is."""
    roles = frozenset(Role(role) for role in user.roles)
    return Actor(user.id, user.name, roles, timekeeper_id=user.timekeeper_id)


def system_actor(on_behalf_of_id: int | None = None) -> Actor:
    """Return the machine, acting for the person who started the work."""
    return Actor(None, "The portal", frozenset({Role.SYSTEM}), on_behalf_of_id)
