"""`python -m sandbox.identity --port P --users-from URL`: the practice identity provider as a process."""

import argparse
import signal
import sys
from types import FrameType

from core.db import Database
from core.settings import get_settings
from sandbox.identity.people import Directory
from sandbox.identity.provider import create_provider
from sandbox.identity.server import listen


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; print one line when ready."""
    settings, asked = get_settings(), _parser().parse_args(arguments)
    database = Database(asked.users_from)
    secret = settings.oidc_client_secret.get_secret_value()
    server = listen(
        create_provider(Directory(database), client_id=settings.oidc_client_id, client_secret=secret), asked.port
    )
    signal.signal(signal.SIGTERM, _stop)
    print(f"identity ready port={server.server_port}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        return 0
    finally:
        server.server_close()
        database.dispose()
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.identity", description=__doc__)
    parser.add_argument("--port", type=int, default=9400)
    parser.add_argument("--users-from", default=get_settings().database_url, help="the portal's database")
    return parser


if __name__ == "__main__":
    sys.exit(main())
