"""Files a command writes: whole or not at all."""

import os
import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from core.errors import UnavailableError
from ledes.document import LedesInvoice
from ledes.formats import LedesFormat

_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]")


class FileNotWrittenError(UnavailableError):
    """A file could not be written; what was there before is untouched."""

    code = "file_not_written"


def save(path: Path, content: bytes) -> None:
    """Put a file in place at once, so that nobody ever sees half of it; a link keeps pointing where it does.

    Raises:
        FileNotWrittenError: when the folder or the disk does not let us.
    """
    target = path.resolve()
    try:
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as draft:
            draft.write(content)
        if target.exists():
            Path(draft.name).chmod(target.stat().st_mode & 0o777)
        else:
            Path(draft.name).chmod(0o666 & ~_mask())
        Path(draft.name).replace(target)
    except OSError as error:
        message = f"{path}: {error.strerror}. Nothing was written there; name another place."
        raise FileNotWrittenError(message) from error


def is_folder(text: str) -> bool:
    """Tell whether a person meant a folder: it is one, or its name ends with a slash."""
    return Path(text).is_dir() or text.endswith(os.sep)


def made_folder(path: Path) -> Path:
    """Return a folder, made where it is not there yet.

    Raises:
        FileNotWrittenError: when it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileNotWrittenError(f"{path}: {error.strerror}. Nothing was written; name another folder.") from error
    return path


def name_for(invoice: LedesInvoice, to: LedesFormat, taken: set[str]) -> str:
    """Return a file name made of the invoice's number, and of a counter where two would have the same."""
    stem = _UNFIT.sub("_", invoice.invoice_number) or "invoice"
    names = (f"{stem}{'' if count == 1 else f'-{count}'}{to.extension}" for count in range(1, len(taken) + 2))
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return name


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
