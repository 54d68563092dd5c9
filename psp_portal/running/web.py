"""The web process of the embedded form, and the port it needs."""

import errno
import http.client
import socket
import sys
from http import HTTPStatus
from pathlib import Path

from psp_portal.running.children import Child

HOST = "127.0.0.1"


def child(port: int, *, log: Path) -> Child:
    command = [
        sys.executable, "-m", "gunicorn", "psp_portal.wsgi", "--bind", f"{HOST}:{port}",
        "--worker-class", "gthread", "--workers", "1", "--threads", "2", "--graceful-timeout", "5",
        "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    return Child("web", command, log=log)


def why_not(port: int) -> str:
    """Why the port cannot be used, in a sentence; empty when it is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OverflowError:
            return f"{port} is not a port: choose one between 1024 and 65535."
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} is already in use by another program."
            return f"Port {port} cannot be used: {error.strerror}."
    return ""


def is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
