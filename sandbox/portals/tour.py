"""`python -m sandbox.portals.tour`: all practice carriers on one port, to be looked at by eye in a browser."""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.portals.hosts import describe_platform
from sandbox.portals.sample_world import sample_ledes, sample_world
from sandbox.portals.server import PortalServer
from sandbox.portals.world import Site, World, parse_world


def main(arguments: list[str] | None = None) -> int:
    """Write a file for every carrier, serve the sites, say where they are, and stop at Ctrl-C."""
    asked = _parser().parse_args(arguments)
    document = sample_world()
    try:
        server = PortalServer(parse_world(document), asked.directory / "store", asked.port, asked.port + 1)
    except OSError as taken:
        print(f"Port {asked.port} or {asked.port + 1} cannot be used ({taken.strerror}). Nothing was started; give")
        print(f"another first port: make portals PORT={asked.port + 100}")
        return 1
    files = write_files(document, asked.directory / "files")
    print("\n".join(tour(server.world, files, server.port, server.control_port)), flush=True)
    print(f"\nResult mails of platform 6 go to the Maildir {asked.directory / 'store' / 'mail'}", flush=True)
    asyncio.run(server.run_until_told(lambda: print("\nThe sites answer. Ctrl-C stops them.", flush=True)))
    return 0


def write_files(document: Mapping[str, Any], folder: Path) -> dict[str, Path]:
    """Write a LEDES file that its site takes for every carrier; return the paths by carrier slug."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {carrier["slug"]: folder / f"{carrier['slug']}.txt" for carrier in document["carriers"]}
    for slug, path in paths.items():
        path.write_bytes(sample_ledes(slug))
    return paths


def tour(world: World, files: Mapping[str, Path], port: int, control_port: int) -> Iterator[str]:
    """Yield the lines that say where every carrier is, how to sign in, and how to make a site misbehave."""
    for number in sorted({site.platform for site in world.sites.values()}):
        yield f"\n{describe_platform(number)}"
        for site in world.sites.values():
            if site.platform == number:
                yield from _site_lines(site, world, files, port)
    control = f"http://127.0.0.1:{control_port}"
    yield f"\nThe control port, {control}:"
    yield f"  curl {control}/posts?site=harbor                 what a site was sent"
    yield f"  curl {control}/totals                            counts by carrier; posted twice is counted twice"
    yield f"  curl {control}/mails                             result mails, and where they lie"
    order = '{"site": "harbor", "kind": "maintenance", "count": 0}'
    yield f"  curl {control}/faults -d '{order}'   misbehave until it is taken back"
    yield f"  curl -X DELETE {control}/faults                  behave again, unlock accounts"
    yield f"  curl {control}/decisions/release -d '{{\"advance_seconds\": 900}}'   put the sites' clock forward"
    yield f"  curl -X POST {control}/reset                     forget everything"
    yield "Every kind of fault stands in sandbox/portals/README.md."


def _site_lines(site: Site, world: World, files: Mapping[str, Path], port: int) -> Iterator[str]:
    account = site.accounts[0]
    code = f"  code from the secret {account.totp}" if account.totp else ""
    yield f"  http://{site.slug}.localhost:{port}/"
    yield f"    user {account.username}  password {account.password}{code}"
    for slug in site.carriers:
        carrier = world.carriers[slug]
        numbers = next(iter(carrier.matters.values()))
        yield f"    {carrier.name}: {files[slug]}, matter {numbers.law_firm_matter_id}, claim {numbers.claim_number}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.portals.tour", description=__doc__)
    parser.add_argument("--port", type=int, default=8790, help="the sites' port; the next one is the control port")
    parser.add_argument("--directory", type=Path, default=Path("var/portals"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
