"""The app: pages, shell and security put together, and the server that offers it."""

from __future__ import annotations

import logging
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

from dash import Dash, set_props

import sim
from dashboard import ids, runs, security, shell
from dashboard.callbacks import routing
from dashboard.components import notice
from dashboard.pages import PAGES
from dashboard.views import ViewState

INDEX = """<!DOCTYPE html>
<html lang="en">
    <head>
        {%metas%}
        <title>{%title%}</title>
        {%favicon%}
        {%css%}
    </head>
    <body>
        {%app_entry%}
        <footer>
            {%config%}
            {%scripts%}
            {%renderer%}
        </footer>
    </body>
</html>
"""
HEALTH = "health"
THREADS = 40
"""Most of them wait for runs, which other processes carry out; a page must not wait behind them."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOG = logging.getLogger("aperture.dashboard")


def create_app(token: str | None = None, workers: int = 2) -> Dash:
    """Return the dashboard with every page registered.

    Parameters
    ----------
    workers : int
        Processes that run scenarios; 0 runs them in the threads of requests.
    token : str, optional
        Word without which nothing is served.
    """
    app = Dash(
        "dashboard",
        assets_folder=str(_assets()),
        title="Aperture",
        update_title=None,
        index_string=INDEX,
        serve_locally=True,
        use_pages=False,
        health_endpoint=HEALTH,
        suppress_callback_exceptions=True,
        on_error=report,
        add_log_handler=False,
        meta_tags=[
            {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            {"name": "description", "content": "Compare policies on the release of AI models."},
        ],
    )
    app.server.config[runs.KEY] = runs.Engine(workers)
    app.layout = shell.shell
    shell.register(app)
    routing.register(app)
    for page in PAGES:
        page.register(app)
    app._setup_server()
    security.protect(app, token)
    return app


def _assets() -> Any:
    from importlib.resources import files

    return files("dashboard") / "assets"


def report(error: Exception) -> None:
    """Show what went wrong in a callback: a mistake of input in its own words, anything else as a defect of ours."""
    if isinstance(error, (sim.InputError, runs.BusyError)):
        shown = notice(str(error), "problem")
    else:
        LOG.error("a callback failed", exc_info=error)
        shown = notice("Something went wrong on the server; its log says what. Your settings are kept.", "problem")
    set_props(ids.NOTICES, {"children": [shown]})


def _end(*_: object) -> None:
    """End as Ctrl+C does, so that workers end too."""
    raise KeyboardInterrupt


def _check_place(host: str, port: int) -> None:
    """Raise InputError if nothing can listen at an address; before anything heavy is loaded."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as error:
        remedy = "Choose another with --port, or 0 for a free one; see --host."
        problem = f"cannot listen at {host[:100]!a}: {error.strerror or error}."
        raise sim.InputError(f"port {port}", problem, remedy) from error


def serve(host: str = "127.0.0.1", port: int = 8050, ready: Callable[[str], None] | None = None) -> None:
    """Serve the dashboard until interrupted.

    Parameters
    ----------
    host : str
        Address to listen at. Any other than this machine's own asks visitors for a token.
    port : int
        0 takes a free one.
    ready : callable, optional
        Called with the address, token included, once the server listens.
    """
    from waitress.server import create_server

    _check_place(host, port)
    token = None if host in LOOPBACK else secrets.token_urlsafe(16)
    app = create_app(token)
    server = create_server(
        app.server, host=host, port=port, threads=THREADS, max_request_body_size=security.MOST_BODY, ident=None
    )
    first = ViewState()
    app.server.config[runs.KEY].warm(first.resolve()[0], first.ensemble)
    if ready is not None:
        query = f"?token={token}" if token else ""
        ready(f"http://{host}:{server.effective_port}/{query}")
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)
    try:
        server.run()
    finally:
        app.server.config[runs.KEY].close()
