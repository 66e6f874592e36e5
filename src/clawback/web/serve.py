"""Starts the app on this machine: loopback only, an address with a key, the browser opened."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from clawback.desk.workplace import Workplace
from clawback.errors import TargetNotWritable
from clawback.web.app import make_app
from clawback.web.guard import KEY, Sessions

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Options:
    """`port` 0: any free one. `key` None: a new random one. `case`: a case folder to open at once."""

    port: int = 0
    key: str | None = None
    case: Path | None = None
    open_browser: bool = True


def serve(workplace: Workplace, options: Options, say: Callable[[str], None]) -> None:
    """Serve until stopped; `say(address)` once the address is known. Raises TargetNotWritable when the port
    is taken, CaseNotFound for a folder without a case."""
    taken = _listen(options.port)
    port = taken.getsockname()[1]
    key = options.key or secrets.token_urlsafe(24)
    path = f"/c/{workplace.adopt(options.case).id}/" if options.case else "/"
    address = f"http://{LOOPBACK}:{port}{path}?{KEY}={key}"
    app = make_app(workplace, Sessions(key), hosts_of(port))
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    say(address)
    if options.open_browser:
        threading.Timer(0.5, webbrowser.open, (address,)).start()
    uvicorn.Server(config).run(sockets=[taken])


def hosts_of(port: int) -> frozenset[str]:
    """Host headers that mean this machine's loopback at `port`."""
    return frozenset(f"{host}:{port}" for host in (LOOPBACK, "localhost"))


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError as error:
        listener.close()
        raise TargetNotWritable(
            f"Port {port} is taken; choose another with --port.",
            f"端口 {port} 已被占用，请用 --port 换一个。",
        ) from error
    return listener
