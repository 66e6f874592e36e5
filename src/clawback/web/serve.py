"""Starts the app on this machine: loopback only, an address with a key, the browser opened."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from clawback.desk.workplace import Workplace
from clawback.errors import TargetNotWritable
from clawback.web.app import make_app
from clawback.web.guard import KEY, Sessions

LOOPBACK = "127.0.0.1"
_USUAL = 80  # a browser leaves this port out of the Host header
_MOST_HEAD = 32 * 1024  # bytes of a request's head
_ENDING_S = 3  # a page that is told of progress must not keep the program from ending
_MOST_AT_ONCE = 200  # requests and open streams


@dataclass(frozen=True, slots=True)
class Options:
    """`port` 0: any free one. `key`: one that lasts; None: keys that work once. `case`: a folder to open."""

    port: int = 0
    key: str | None = None
    case: Path | None = None
    open_browser: bool = True


def serve(workplace: Workplace, options: Options, say: Callable[[str, bool], None]) -> None:
    """Serve until stopped. `say(address, again)` once the address is known, and whenever it was used and
    another lets somebody come back (`again`). Raises TargetNotWritable when the port is taken, CaseNotFound
    for a folder without a case."""
    path = f"/c/{workplace.adopt(options.case).id}/" if options.case else "/"
    taken = listen(options.port)
    port = taken.getsockname()[1]

    def address() -> str:
        return f"http://{LOOPBACK}:{port}{path}?{KEY}={sessions.key}"

    sessions = Sessions(options.key, renewed=lambda: say(address(), True))
    say(address(), False)
    if options.open_browser:
        threading.Timer(0.5, webbrowser.open, (address(),)).start()
    uvicorn.Server(config_of(make_app(workplace, sessions, hosts_of(port)))).run(sockets=[taken])


def config_of(app: Starlette) -> uvicorn.Config:
    """No websockets, no headers of proxies believed, nothing told about the server, short heads only."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        http="h11",
        h11_max_incomplete_event_size=_MOST_HEAD,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=_ENDING_S,
    )


def hosts_of(port: int) -> frozenset[str]:
    """Host headers that mean this machine's loopback at `port`."""
    names = (LOOPBACK, "localhost")
    return frozenset(f"{name}:{port}" for name in names) | (
        frozenset(names) if port == _USUAL else frozenset()
    )


def listen(port: int) -> socket.socket:
    """A socket on the loopback at `port` (0: any). Raises TargetNotWritable when it is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()  # whoever comes before the server is up waits a moment instead of being refused
    except OSError as error:
        listener.close()
        raise TargetNotWritable(
            f"Port {port} is taken; choose another with --port.",
            f"端口 {port} 已被占用，请用 --port 换一个。",
        ) from error
    return listener
