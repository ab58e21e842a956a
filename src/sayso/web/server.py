"""Runs the page until it is stopped."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn

from sayso.errors import SettingsError
from sayso.web.app import build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(
    ledger_path: str | Path,
    host: str,
    port: int,
    announce: Callable[[str], None],
    *,
    private_names: bool,
) -> None:
    """See ``sayso.web.serve``."""
    app = build(ledger_path, [host], private_names=private_names)
    listening = _bound(host, port)
    shown = f"[{host}]" if ":" in host else host
    announce(f"http://{shown}:{listening.getsockname()[1]}/  (stop with Ctrl-C)")
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        announce("stopped")
    finally:
        listening.close()


def _bound(host: str, port: int) -> socket.socket:
    """A socket bound here rather than in uvicorn, whose error is a log line and an exit."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"cannot listen on {host} port {port}: {error.strerror or error}; "
            "give another --port, or --port 0 for any free one"
        ) from error
    return listening
