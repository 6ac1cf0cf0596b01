"""Files a command reads: paths, standard input, and a carrier's profile."""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from pydantic import ValidationError

from core.errors import InvalidInputError, NotFoundError
from ledes.file_format import STANDARD, FileFormat

STANDARD_INPUT: Final = Path("-")
_IN_MEMORY: Final = 8_000_000


class FileNotReadError(NotFoundError):
    """A file is not there or may not be read."""

    code = "file_not_read"


class BadProfileError(InvalidInputError):
    """A file does not hold a carrier profile or a format part."""

    code = "bad_profile"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, or standard input for `-`, which is kept aside so that a command may read it twice.

    Raises:
        FileNotReadError: when the file is not there or may not be read.
    """
    if path == STANDARD_INPUT:
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
            kept.seek(0)
            yield cast(BinaryIO, kept)
        return
    try:
        source = path.open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "is no path"
        raise FileNotReadError(f"{path}: {reason}. Give the path of a LEDES file.") from error
    with source:
        yield source


def file_format(path: Path | None) -> FileFormat:
    """Return the `format` part of a profile, or a format part that stands alone; the standard without a path.

    Raises:
        FileNotReadError: when the file cannot be read.
        BadProfileError: when it is not JSON, or a value in it is wrong; all of them are named.
    """
    if path is None:
        return STANDARD
    with opened(path) as source:
        content = source.read()
    try:
        document = json.loads(content)
    except ValueError as wrong:
        raise BadProfileError(f"{path} is not JSON ({wrong}). Nothing was read; give a carrier's profile.") from wrong
    part = document.get("format", document) if isinstance(document, dict) else document
    try:
        return FileFormat.model_validate(part)
    except ValidationError as wrong:
        faults = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'format'}: {one['msg']}" for one in wrong.errors())
        raise BadProfileError(f"{path} is no profile: {faults}. Nothing was read; correct it there.") from wrong
