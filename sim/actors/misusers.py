"""Decisions of misusers: by which route to reach capability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels import misuse
from sim.setting import Parameters

F32 = NDArray[np.float32]
INT = NDArray[np.int64]


@dataclass(frozen=True)
class RouteView:
    """What misusers who reconsider see; one row an event.

    Attributes
    ----------
    log_odds, friction, detection : ndarray ``(event, route)``
        Log-odds of success, friction and monthly risk of detection by each route.
    available : ndarray of bool ``(event, route)``
    member : ndarray ``(event,)``
    uniforms : ndarray ``(event, route)``
    parameters : Parameters
    """

    log_odds: F32
    friction: F32
    detection: F32
    available: NDArray[np.bool_]
    member: INT
    uniforms: F32
    parameters: Parameters


class MisuserDecisions:
    """How misusers decide; override to teach them something else."""

    def route(self, view: RouteView) -> INT:
        """Route of each event, an index of `sim.axes.ROUTES`."""
        p = view.parameters.misuse
        noise, aversion = p.route_noise[view.member], p.detection_aversion[view.member]
        log_success = np.log(misuse.success(view.log_odds))
        return misuse.route_choice(
            log_success, view.friction, view.detection, view.available, view.uniforms, noise, aversion
        )
