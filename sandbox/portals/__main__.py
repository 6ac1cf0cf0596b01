"""`python -m sandbox.portals`: serve the practice carriers until told to stop."""

import argparse
from pathlib import Path

from sandbox.portals.server import PortalServer
from sandbox.portals.world import load_world


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.portals", description=__doc__)
    parser.add_argument("--world", type=Path, required=True, help="world.json of the practice firm")
    parser.add_argument("--store", type=Path, required=True, help="folder for the sites' own records")
    parser.add_argument("--port", type=int, default=0, help="port of the sites, 0 = any free one")
    parser.add_argument("--control-port", type=int, default=0, help="port of the control, 0 = any free one")
    parser.add_argument("--latency-ms", type=int, default=0, help="wait before every answer")
    parser.add_argument("--processing-ms", type=int, default=100, help="how long platform 2 shows Processing")
    parser.add_argument("--mail", type=Path, help="Maildir for result mails, by default mail/ in the store's folder")
    return parser.parse_args()


def main() -> None:
    """Serve."""
    asked = _arguments()
    world = load_world(asked.world)
    PortalServer(
        world, asked.store, asked.port, asked.control_port, asked.latency_ms, asked.processing_ms, asked.mail
    ).serve_until_told()


if __name__ == "__main__":
    main()
