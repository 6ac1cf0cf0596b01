"""A network of its own for the workers, that can be cut: a namespace, a cable to it, and a relay at each end."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Network:
    """A namespace in which the machine's own loopback ports can be reached through a cable.

    Two at a time do not meet: the number of the process is in the name and in the addresses.
    """

    number: int

    @property
    def name(self) -> str:
        """Name of the namespace."""
        return f"bc{self.number}"

    @property
    def here(self) -> str:
        """The machine's address on the cable."""
        return f"10.{200 + self.number // 256 % 50}.{self.number % 256}.1"

    @property
    def there(self) -> str:
        """The namespace's address on the cable."""
        return f"{self.here.removesuffix('.1')}.2"

    def inside(self, command: list[str]) -> list[str]:
        """Return a command that runs in there."""
        return ["ip", "netns", "exec", self.name, *command]

    def cut(self) -> None:
        """Pull the cable: nothing arrives any more, and nobody is told."""
        _ip("link", "set", f"{self.name}-h", "down")

    def mend(self) -> None:
        """Put the cable back."""
        _ip("link", "set", f"{self.name}-h", "up")


@contextmanager
def cuttable_network(ports: list[int]) -> Iterator[Network]:
    """Make the namespace, relay loopback ports into it, and take everything down again."""
    network = Network(os.getpid())
    _ip("netns", "add", network.name)
    relays: list[subprocess.Popen[bytes]] = []
    try:
        _ip("link", "add", f"{network.name}-h", "type", "veth", "peer", "name", f"{network.name}-n")
        _ip("link", "set", f"{network.name}-n", "netns", network.name)
        _ip("addr", "add", f"{network.here}/24", "dev", f"{network.name}-h")
        _ip("link", "set", f"{network.name}-h", "up")
        for command in (["link", "set", "lo", "up"], ["addr", "add", f"{network.there}/24", "dev", f"{network.name}-n"],
                        ["link", "set", f"{network.name}-n", "up"]):  # fmt: skip
            subprocess.run(network.inside(["ip", *command]), check=True)
        listed = [str(port) for port in ports]
        relay = [sys.executable, "-m", "tests.chaos.matrix.network"]
        relays.append(subprocess.Popen([*relay, network.here, _LOOPBACK, *listed]))
        relays.append(subprocess.Popen(network.inside([*relay, _LOOPBACK, network.here, *listed])))
        yield network
    finally:
        for process in relays:
            process.kill()
            process.wait()
        _ip("netns", "del", network.name)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


async def relay(listen_at: str, pass_to: str, ports: list[int]) -> None:
    """Pass every connection on, both ways."""
    servers = [
        await asyncio.start_server(partial(_pass_on, host=pass_to, port=port), listen_at, port) for port in ports
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int) -> None:
    try:
        far_reader, far_writer = await asyncio.open_connection(host, port)
    except OSError:
        writer.close()
        return
    await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()


if __name__ == "__main__":
    asyncio.run(relay(sys.argv[1], sys.argv[2], [int(port) for port in sys.argv[3:]]))
