"""`python -m migrations upgrade | downgrade | current | check | draft`: the schema from the command line."""

import argparse
import sys

from core.db import Database
from core.settings import get_settings
from migrations import schema


def main(arguments: list[str] | None = None) -> int:
    """Run one command; `check` returns 1 when the models and the database differ."""
    asked = _parser().parse_args(arguments)
    database = Database(asked.database_url)
    try:
        return _COMMANDS[asked.command](database, asked)
    finally:
        database.dispose()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m migrations", description=__doc__)
    parser.add_argument("command", choices=sorted(_COMMANDS))
    parser.add_argument("--database-url", default=get_settings().database_url)
    parser.add_argument("--revision", default="", help="default: head for upgrade, base for downgrade")
    parser.add_argument("--message", default="change", help="what a drafted revision does, in a few words")
    return parser


def _upgrade(database: Database, asked: argparse.Namespace) -> int:
    schema.upgrade(database, asked.revision or "head")
    return _current(database, asked)


def _downgrade(database: Database, asked: argparse.Namespace) -> int:
    schema.downgrade(database, asked.revision or "base")
    return _current(database, asked)


def _current(database: Database, _asked: argparse.Namespace) -> int:
    print(f"The schema is at revision {schema.current(database) or '(none)'}.")
    return 0


def _check(database: Database, _asked: argparse.Namespace) -> int:
    found = schema.differences(database)
    print("\n".join(map(str, found)) or "The models and the database agree.")
    return 1 if found else 0


def _draft(database: Database, asked: argparse.Namespace) -> int:
    schema.draft(database, asked.message)
    return 0


_COMMANDS = {"upgrade": _upgrade, "downgrade": _downgrade, "current": _current, "check": _check, "draft": _draft}

if __name__ == "__main__":
    sys.exit(main())
