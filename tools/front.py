"""Print the front of a portal that several processes serve: `python -m tools.front --processes 4 > front/nginx.conf`.

The front is nginx. All that comes under one session goes to one process, whose memory holds the session's screens.
"""

import argparse
from collections.abc import Sequence
from ipaddress import ip_address
from string import Template

_LAST_PORT = 65_535
# Word for word what the portal answers.
_TOO_LARGE = '{"code":"too_large","message":"The content is too large. Nothing was saved; send a smaller file."}'


class _Text(Template):
    """A template of nginx's words, whose own variables begin with a dollar."""

    delimiter = "%"


_CONFIGURATION = _Text("""\
# The front of the billing portal: one address, %count of the portal behind it. Written by
#   python -m tools.front
# Write it anew rather than edit it. It needs no root and leaves its files in the folder it is started for:
#   nginx -p FOLDER -c nginx.conf -e error.log              start; add -t to check only
#   nginx -p FOLDER -c nginx.conf -e error.log -s reload    take a new configuration, or a process that is back

# One is enough: it only hands on.
worker_processes 1;
worker_rlimit_nofile 16384;
# After a reload every tab comes back by itself within this time, to the process that is its own by then.
worker_shutdown_timeout 10s;
pid nginx.pid;
error_log error.log warn;

events {
    # A tab that is open takes two: its own, and the one to its process.
    worker_connections 8192;
}

http {
    # Addresses hold what nobody should read later: the code of a sign-in, the key that ends mails. The error log names
    # one only where a process did not answer.
    access_log off;
    server_tokens off;

    client_body_temp_path temp_body;
    proxy_temp_path temp_proxy;
    fastcgi_temp_path temp_fastcgi;
    uwsgi_temp_path temp_uwsgi;
    scgi_temp_path temp_scgi;

    # The session's cookie, by the name it has over https or over plain http on one machine.
    map $http_cookie $session {
        default "";
        "~(?:^|; *)(?:__Host-)?billing_session=(?<named>[^;]+)" $named;
    }

    # A tab's socket and its uploads name the same session, whatever the tab is called meanwhile. Who has none has
    # nothing that a process would have to remember.
    map $session $key {
        default $session;
        "" $request_id;
    }

    map $http_upgrade $connection_wish {
        default upgrade;
        "" close;
    }

    upstream portal {
        hash $key consistent;
        # A process that is down refuses at once, and the next one of the key is asked. That nothing is remembered of it
        # keeps a socket and an upload together.
%servers
    }

    server {
        listen %listen;

        # The portal's own limits and its own words, said here: it refuses before it has read, and that answer would get
        # lost between a client that still sends and a process that has closed.
        client_max_body_size 64k;
        error_page 413 @too_large;

        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_wish;
        # The portal compares the host with its public address, and takes the client's address from the end of this list
        # (REFLEX_TRUSTED_PROXY_HOPS=1).
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        # The portal does not know whether its address is read by http or https; the browser does.
        proxy_redirect http://$http_host/ /;
        absolute_redirect off;

        # Answers come as they are made, and no file of a client is written to this machine's disk on its way.
        proxy_buffering off;
        proxy_request_buffering off;

        proxy_connect_timeout 5s;
        # A quiet socket is pinged by the portal much sooner; an export may take its time.
        proxy_send_timeout 1h;
        proxy_read_timeout 1h;
        # Only what a process did not take, or a reading that it broke off, is asked of another.
        proxy_next_upstream error;

        location / {
            proxy_pass http://portal;
        }

        location /_upload {
            client_max_body_size 25m;
            proxy_pass http://portal;
        }

        location @too_large {
            default_type application/json;
            return 413 '%too_large';
        }
    }
}
""")


def configuration(ports: Sequence[int], listen: str) -> str:
    """Return nginx's configuration for one portal process on each of these ports of 127.0.0.1.

    `listen` is where the front itself answers, as `127.0.0.1:8000` or `[::1]:8000`.
    """
    servers = "\n".join(f"        server 127.0.0.1:{port} max_fails=0;" for port in ports)
    count = "one process" if len(ports) == 1 else f"{len(ports)} processes"
    return _CONFIGURATION.substitute(count=count, servers=servers, listen=listen, too_large=_TOO_LARGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the configuration asked for; end with 2 and a sentence where what was asked cannot be."""
    parser = argparse.ArgumentParser(prog="python -m tools.front", description=__doc__)
    parser.add_argument("--processes", type=_count, default=2, metavar="N", help="how many serve the portal (2)")
    parser.add_argument("--first-port", type=_port, default=8001, metavar="PORT",
                        help="the first process's port; the others have the ones after it (8001)")  # fmt: skip
    parser.add_argument("--listen", type=_address, default="127.0.0.1:8000", metavar="HOST:PORT",
                        help="where the front answers (127.0.0.1:8000)")  # fmt: skip
    asked = parser.parse_args(arguments)
    ports = range(asked.first_port, asked.first_port + asked.processes)
    if ports[-1] > _LAST_PORT:
        parser.error(f"{asked.processes} ports from {ports[0]} on end behind {_LAST_PORT}; name a lower --first-port.")
    if (own := int(asked.listen.rpartition(":")[2])) in ports:
        parser.error(f"Port {own} cannot be the front's and a process's; the processes have {ports[0]} to {ports[-1]}.")
    print(configuration(ports, asked.listen), end="")
    return 0


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; name one or more.")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; ports are 1 to {_LAST_PORT}.")
    return int(text)


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    try:
        ip = ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no IP address with a port, as 127.0.0.1:8000.") from None
    return f"[{ip}]:{_port(port)}" if ip.version == 6 else f"{ip}:{_port(port)}"  # noqa: PLR2004 -- the version's name


if __name__ == "__main__":
    raise SystemExit(main())
