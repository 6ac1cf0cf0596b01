"""Whether the viewer holds a role, as the browser knows it; handlers decide for themselves."""

import reflex as rx

from models.enums import Role
from state.viewer import Viewer


def may(first: Role, *others: Role) -> rx.Var[bool]:
    """Return whether the viewer holds one of the roles."""
    held = Viewer.roles.contains(first.value)
    for role in others:
        held = held | Viewer.roles.contains(role.value)
    return held
