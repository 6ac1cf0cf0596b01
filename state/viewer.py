"""The signed-in person as the shell shows them, and the session that this tab is bound to."""

import reflex as rx

from core.settings import get_settings
from state.guard import guarded, principal


class Viewer(rx.State):
    """Who looks at the screen. `_bound` is the SHA-256 of the session that owns this tab's state tree."""

    name: str = ""
    email: str = ""
    initials: str = ""
    roles: list[str] = []
    environment: str = ""
    firm: str = ""

    _bound: str = ""

    @rx.event
    @guarded()
    async def load(self) -> None:
        """Show who is signed in; every page begins with it, so a lost session is noticed at once."""
        who = principal()
        self.name, self.email = who.actor.name, who.email
        self.initials = _initials(who.actor.name)
        self.roles = sorted(who.actor.roles)
        self.environment, self.firm = get_settings().environment, get_settings().firm_name


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
