"""The control port: JSON over HTTP on loopback, for tests and for the month's reckoning."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from json import JSONDecodeError
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.portals.faults import ANY_SITE, FaultKind, PageKind
from sandbox.portals.hosts import Portals
from sandbox.portals.store import Post
from sandbox.portals.totals import totals_of

_SHOWN = (
    "id",
    "site",
    "carrier",
    "client_id",
    "account",
    "invoice_number",
    "matter_id",
    "claim_number",
    "file_name",
    "sha256",
    "receipt",
    "total_cents",
    "status",
    "at_ms",
    "decision",
    "decide_ms",
)


def control_app(portals: Portals) -> Starlette:
    """Return the control application of some portals."""
    control = Control(portals)
    return Starlette(
        routes=[
            Route("/health", control.health),
            Route("/posts", control.posts),
            Route("/papers", control.papers),
            Route("/totals", control.totals),
            Route("/mails", control.mails),
            Route("/faults", control.standing_faults, methods=["GET"]),
            Route("/faults", _sensible(control.order_fault), methods=["POST"]),
            Route("/faults", control.clear_faults, methods=["DELETE"]),
            Route("/decisions/release", _sensible(control.release), methods=["POST"]),
            Route("/reset", control.reset, methods=["POST"]),
        ]
    )


class Control:
    """What the control port can do."""

    def __init__(self, portals: Portals) -> None:
        self._portals = portals

    async def health(self, _request: Request) -> Response:
        """Say that the server is up, and which sites it serves."""
        return JSONResponse({"status": "ok", "sites": sorted(self._portals.world.sites)})

    async def posts(self, request: Request) -> Response:
        """List posts, of one site or all, without their bytes."""
        found = self._portals.store.every(request.query_params.get("site"))
        return JSONResponse({"posts": [_shown(post) for post in found]})

    async def papers(self, request: Request) -> Response:
        """List the PDFs that went along with bills, of one site or all, without their bytes."""
        found = self._portals.store.papers.every(request.query_params.get("site"))
        return JSONResponse({"papers": [asdict(paper) for paper in found]})

    async def totals(self, _request: Request) -> Response:
        """Count posts by carrier and overall."""
        return JSONResponse(totals_of(self._portals.store.every()))

    async def mails(self, _request: Request) -> Response:
        """List which invoice was told in which mail, and where the mails lie."""
        self._portals.post_office.deliver_due()
        return JSONResponse({"folder": str(self._portals.post_office.folder), "mails": self._portals.store.mails()})

    async def standing_faults(self, _request: Request) -> Response:
        """List the faults that wait to strike."""
        return JSONResponse({"faults": [asdict(fault) for fault in self._portals.faults.standing()]})

    async def order_fault(self, request: Request) -> Response:
        """Order a fault: {site, kind, count, seconds?, at?}; count 0 stands until it is cleared."""
        asked = await request.json()
        site = asked.get("site", ANY_SITE)
        if site != ANY_SITE and site not in self._portals.world.sites:
            raise ValueError(f"There is no site {site}.")
        page = PageKind(asked["at"]) if asked.get("at") else None
        fault = self._portals.faults.order(
            site, FaultKind(asked["kind"]), count=int(asked.get("count", 1)), seconds=asked.get("seconds", 0), at=page
        )
        return JSONResponse(asdict(fault), 201)

    async def clear_faults(self, request: Request) -> Response:
        """Take back the faults of one site or all, and unlock accounts."""
        site = request.query_params.get("site")
        self._portals.faults.clear(site)
        self._portals.store.unlock(site)
        return JSONResponse({})

    async def release(self, request: Request) -> Response:
        """Publish waiting decisions: {site?, invoice_number?}, or {advance_seconds} to put the clock forward."""
        asked = await request.json() if await request.body() else {}
        if "advance_seconds" in asked:
            self._portals.clock.advance(float(asked["advance_seconds"]))
            self._portals.post_office.deliver_due()
            return JSONResponse({"now_ms": self._portals.clock.now_ms()})
        released = self._portals.store.release(
            self._portals.clock.now_ms(), site=asked.get("site"), invoice_number=asked.get("invoice_number")
        )
        self._portals.post_office.deliver_due(at_once=True)
        return JSONResponse({"released": released})

    async def reset(self, _request: Request) -> Response:
        """Forget everything."""
        self._portals.reset()
        return JSONResponse({})


def _sensible(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Answer an order that makes no sense with 400 and the reason."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except (JSONDecodeError, KeyError, ValueError, TypeError, AttributeError) as fault:
            return JSONResponse({"error": str(fault)}, 400)

    return answered


def _shown(post: Post) -> dict[str, Any]:
    return {name: getattr(post, name) for name in _SHOWN}
