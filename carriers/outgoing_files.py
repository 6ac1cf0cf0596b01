"""Copies of files on their way to a file field, each alone in a folder that is thrown away."""

import shutil
import tempfile
from pathlib import Path


class OutgoingFiles:
    """The copies of one browser."""

    def __init__(self) -> None:
        self._folders: list[Path] = []

    def place(self, file_name: str, content: bytes, *, beside: Path | None) -> Path:
        """Write a copy under its own name, in a new folder in `beside` or where the system keeps such."""
        folder = Path(tempfile.mkdtemp(prefix="billing-file-", dir=beside))
        self._folders.append(folder)
        path = folder / Path(file_name).name
        path.write_bytes(content)
        return path

    def forget(self) -> None:
        """Throw all copies away."""
        while self._folders:
            shutil.rmtree(self._folders.pop(), ignore_errors=True)
