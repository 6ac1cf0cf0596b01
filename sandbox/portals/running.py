"""Starts the practice carriers as a process of their own and stops them again."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.portals.client import PortalControl

_ROOT = Path(__file__).resolve().parents[2]
_STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class RunningPortals:
    """Practice carriers that answer."""

    port: int
    control_port: int
    pid: int
    control: PortalControl

    def url(self, slug: str, path: str = "/") -> str:
        """Return an address at a site."""
        return f"http://{slug}.localhost:{self.port}{path}"


@contextmanager
def running_portals(
    world: Mapping[str, Any],
    folder: Path,
    *,
    port: int = 0,
    latency_ms: int = 0,
    processing_ms: int = 100,
    mail_folder: Path | None = None,
) -> Iterator[RunningPortals]:
    """Serve a world (decoded JSON) with its store in a folder, until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    world_path = folder / "world.json"
    world_path.write_text(json.dumps(world), encoding="utf-8")
    command = [sys.executable, "-m", "sandbox.portals", "--world", str(world_path), "--store", str(folder)]
    command += ["--port", str(port), "--latency-ms", str(latency_ms), "--processing-ms", str(processing_ms)]
    command += ["--mail", str(mail_folder)] if mail_folder else []
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            ports = _ports(process)
            with PortalControl(f"http://127.0.0.1:{ports['control']}") as control:
                yield RunningPortals(ports["port"], ports["control"], process.pid, control)
        finally:
            _stop(process)


def _ports(process: subprocess.Popen[str]) -> dict[str, int]:
    """Wait for the ready line and return its ports."""
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith("portals ready"):
        raise RuntimeError(f"The practice carriers did not start: {line!r}")
    return {name: int(number) for name, _, number in (word.partition("=") for word in line.split()[2:])}


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
