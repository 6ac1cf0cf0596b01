"""Where the demo stands and which programs it keeps running."""

import sys
from dataclasses import dataclass
from pathlib import Path

from sandbox.stage.layout import Layout
from sandbox.stage.processes import redis_command

_PROGRAM = """
[program:{name}]
command={command}
directory={directory}
autorestart=true
startsecs=2
startretries=10
stopasgroup=true
killasgroup=true
stopwaitsecs=15
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=1
"""
_SUPERVISOR = """[supervisord]
nodaemon=true
user={user}
logfile={logs}/supervisord.log
pidfile={directory}/supervisord.pid
childlogdir={logs}
"""


@dataclass(frozen=True)
class Plan:
    """Five ports in a row from `port`: the portal, the practice sites, their control port, sign-in, Redis."""

    directory: Path
    port: int
    workers: int

    @property
    def public_url(self) -> str:
        """The address to open."""
        return f"http://localhost:{self.port}"

    @property
    def identity_port(self) -> int:
        """Where the practice identity provider listens."""
        return self.port + 3

    @property
    def layout(self) -> Layout:
        """The practice world of the demo."""
        database = f"sqlite:///{(self.directory / 'billing.db').resolve()}"
        return Layout(self.directory, self.port + 1, self.port + 2, self.port + 4, database)

    def ports(self) -> list[int]:
        """Every port the demo listens on."""
        return [self.port + offset for offset in range(5)]

    def environment(self) -> dict[str, str]:
        """Return the settings of every program of the demo."""
        return {
            **self.layout.environment(),
            "BILLING_PUBLIC_URL": self.public_url,
            "BILLING_OIDC_ISSUER": f"http://127.0.0.1:{self.identity_port}",
            "BILLING_LOG_FORMAT": "console",
            "REFLEX_USE_SYSTEM_BUN": "true",
            "REFLEX_TELEMETRY_ENABLED": "false",
        }

    def programs(self) -> dict[str, list[str]]:
        """Return each program's command by name, in the order of their start."""
        layout, python = self.layout, [sys.executable, "-m"]
        workers = {f"worker-{number}": [*python, "jobs.worker"] for number in range(1, self.workers + 1)}
        return {
            "redis": redis_command(layout.redis_port, self.directory / "redis"),
            "sites": [*python, "sandbox.portals", "--world", str(layout.world_path), "--store",
                      str(self.directory / "sites"), "--port", str(layout.sites_port), "--control-port",
                      str(layout.control_port), "--latency-ms", "150", "--mail", str(layout.maildir)],
            "identity": [*python, "sandbox.identity", "--port", str(self.identity_port)],
            "web": [*python, "reflex", "run", "--env", "prod", "--single-port", "--backend-port", str(self.port),
                    "--frontend-port", str(self.port)],
            "dispatcher": [*python, "jobs.dispatcher"],
            **workers,
        }  # fmt: skip

    def supervisor_configuration(self, user: str) -> str:
        """Return the supervisor's configuration; it restarts what dies."""
        logs = (self.directory / "logs").resolve()
        parts = [_SUPERVISOR.format(user=user, logs=logs, directory=self.directory.resolve())]
        for name, command in self.programs().items():
            words = " ".join(word.replace("%", "%%") for word in command)
            parts.append(_PROGRAM.format(name=name, command=words, directory=Path.cwd(), log=logs / f"{name}.log"))
        return "".join(parts)
