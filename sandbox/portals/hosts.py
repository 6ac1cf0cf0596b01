"""The sites by host name, and the things they share."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.portals.clock import SiteClock
from sandbox.portals.desk import Desk
from sandbox.portals.faults import FaultBoard
from sandbox.portals.platform import Platform
from sandbox.portals.platforms.bulk import BulkPortal
from sandbox.portals.platforms.classic import ClassicPortal
from sandbox.portals.platforms.drafts import DraftPortal
from sandbox.portals.platforms.eventual import EventualPortal
from sandbox.portals.platforms.frames import FramesPortal
from sandbox.portals.platforms.intake import IntakePortal
from sandbox.portals.platforms.matched import MatchedPortal
from sandbox.portals.platforms.single_page import SinglePagePortal
from sandbox.portals.platforms.staged import StagedPortal
from sandbox.portals.platforms.two_step import TwoStepPortal
from sandbox.portals.platforms.wizard import WizardPortal
from sandbox.portals.post_office import PostOffice
from sandbox.portals.sessions import Sessions
from sandbox.portals.store import Store
from sandbox.portals.world import Site, World

_PLATFORMS: Mapping[int, type[Platform]] = {
    1: ClassicPortal,
    2: StagedPortal,
    3: SinglePagePortal,
    4: FramesPortal,
    5: TwoStepPortal,
    6: IntakePortal,
    7: DraftPortal,
    8: MatchedPortal,
    9: BulkPortal,
    10: EventualPortal,
    11: WizardPortal,
}


def describe_platform(number: int) -> str:
    """Return a platform's number and its ways in one line."""
    module = sys.modules[_PLATFORMS[number].__module__]
    return (module.__doc__ or "").strip()


@dataclass(slots=True)
class Portals:
    """All sites of a world over one store."""

    world: World
    store: Store
    latency_ms: int = 0
    processing_ms: int = 100
    faults: FaultBoard = field(default_factory=FaultBoard)
    clock: SiteClock = field(default_factory=SiteClock)
    sessions: dict[str, Sessions] = field(default_factory=dict)
    now: Callable[[], float] = time.time
    """Real seconds since 1970, which one-time codes are reckoned by."""
    mail_folder: Path | None = None
    """The Maildir that result mails go into; None = `mail` beside the store."""
    post_office: PostOffice = field(init=False)

    def __post_init__(self) -> None:
        """Open the post office."""
        folder = self.mail_folder or self.store.folder / "mail"
        self.post_office = PostOffice(folder, self.world, self.store, self.faults, self.clock)

    def app(self) -> ASGIApp:
        """Return the application that serves every site."""
        return ByHost({slug: self._platform(site).app() for slug, site in self.world.sites.items()})

    def reset(self) -> None:
        """Forget posts, log-ins, sessions, faults and the clock's advance."""
        self.store.wipe()
        self.faults.clear()
        self.clock.reset()
        for sessions in self.sessions.values():
            sessions.end_all()

    def _platform(self, site: Site) -> Platform:
        sessions = self.sessions.setdefault(site.slug, Sessions())
        desk = Desk(site, self.world, self.store, self.faults, self.clock, sessions, self.processing_ms, self.now)
        return _PLATFORMS[site.platform](desk, self.latency_ms / 1000)


class ByHost:
    """Sends a visitor to the site named by the first label of the Host header."""

    def __init__(self, sites: Mapping[str, ASGIApp]) -> None:
        self._sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; an unknown host gets 404."""
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        site = self._sites.get(host.partition(":")[0].lower().removesuffix(".localhost"))
        await (site or PlainTextResponse("No such site.", 404))(scope, receive, send)
