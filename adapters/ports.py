"""Whether a port can be listened on, told before anything has begun."""

from __future__ import annotations

import os
import socket


class PortTaken(Exception):
    """It cannot be listened there; the text says why and what to try."""


def ensure_free(host: str, port: int, option: str = "--port") -> None:
    """Return when the port can be had; raise `PortTaken` when it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        code = error.errno or 0
        why = os.strerror(code) if code > 0 else str(error)
        raise PortTaken(
            f"cannot listen on {host} port {port}: {why}; "
            f"choose another by {option}, or see who has it: `ss -ltnp 'sport = :{port}'`"
        ) from error
