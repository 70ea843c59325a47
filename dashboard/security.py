"""Headers, limits and refusals: what every answer of the server carries, and what it refuses to look at."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from typing import Any

from dash import Dash
from dash.exceptions import DashException, PreventUpdate
from flask import Flask, Response, request

MOST_BODY = 2_000_000
"""Longest request body in bytes."""
CALLBACK = "/_dash-update-component"
EMBEDDED = "/embed"
"""Pages below this path may stand in frames of other sites."""
COOKIE = "aperture-token"


def policy(hashes: Sequence[str], ancestors: str) -> str:
    """Return the Content-Security-Policy: nothing from elsewhere, no inline script but those with these hashes."""
    parts = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": ancestors,
    }
    return "; ".join(f"{key} {value}" for key, value in parts.items())


def protect(app: Dash, token: str | None = None) -> None:
    """Give the app's server its headers, limits and refusals; call it after all callbacks are registered.

    Parameters
    ----------
    app : Dash
    token : str, optional
        Word without which nothing is served; needed where other machines can reach the server.
    """
    server: Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = MOST_BODY
    hashes = app.csp_hashes()
    own, anywhere = policy(hashes, "'self'"), policy(hashes, "*")

    @server.after_request
    def headers(response: Response) -> Response:
        framed = request.path == EMBEDDED or request.path.startswith(EMBEDDED + "/")
        response.headers["Content-Security-Policy"] = anywhere if framed else own
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if not framed:
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    if token:
        server.before_request(lambda: _check_token(token))
        server.after_request(lambda response: _keep_token(response, token))
    server.before_request(lambda: _check_body(app))
    _refuse_malformed(server)


def _check_token(token: str) -> Response | None:
    given = request.args.get("token") or request.cookies.get(COOKIE, "")
    if hmac.compare_digest(given.encode(), token.encode()):
        return None
    return Response("Open the address that the server printed: it contains a token.\n", 403, mimetype="text/plain")


def _keep_token(response: Response, token: str) -> Response:
    if request.args.get("token") == token:
        response.set_cookie(COOKIE, token, httponly=True, samesite="Lax")
    return response


def _check_body(app: Dash) -> Response | None:
    """Refuse a callback request that does not have the form of one."""
    if request.path != CALLBACK or request.method != "POST":
        return None
    try:
        body = json.loads(request.get_data(cache=True).decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return _bad("the body is not JSON")
    problem = _problem(body, app.callback_map)
    return _bad(problem) if problem else None


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def _problem(body: Any, known: Any) -> str:
    if not isinstance(body, dict):
        return "the body is not an object"
    if not isinstance(body.get("output"), str) or body["output"] not in known:
        return "there is no such callback"
    for key in ("inputs", "state"):
        value = body.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict | list) for item in value):
            return f"{key} is not a list of properties"
        declared = known[body["output"]].get(key, [])
        if len(value) != len(declared):
            return f"{key} has {len(value)} properties instead of {len(declared)}"
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(item, str) for item in changed):
        return "changedPropIds is not a list of words"
    return "" if isinstance(body.get("outputs", []), list | dict) else "outputs is not a list"


def _bad(problem: str) -> Response:
    return Response(json.dumps({"error": problem}), 400, mimetype="application/json")


def _refuse_malformed(server: Flask) -> None:
    """Answer 400 to a callback request that Dash itself cannot take apart: errors of callbacks end in `on_error`."""
    inner = server.view_functions.get(CALLBACK)
    if inner is None:
        raise RuntimeError("Dash has no callback endpoint at " + CALLBACK)

    def dispatch(*args: Any, **kwargs: Any) -> Any:
        try:
            return inner(*args, **kwargs)
        except PreventUpdate:
            raise
        except (DashException, AttributeError, IndexError, KeyError, TypeError, ValueError):
            server.logger.warning("a malformed callback request was refused", exc_info=server.debug)
            return _bad("the properties do not fit the callback")

    server.view_functions[CALLBACK] = dispatch
