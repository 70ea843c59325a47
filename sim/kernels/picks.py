"""Gathering, summing and picking over the columns of each member."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
INT = NDArray[np.int64]


def rows(table: F32, index: INT) -> F32:
    """Values of `table` ``(member, rows)`` at `index` ``(member, …)``, member by member."""
    members, width = table.shape
    base = (np.arange(members) * width).reshape(members, *([1] * (index.ndim - 1)))
    return np.asarray(table.reshape(-1).take(index + base))


def grouped(index: INT, weights: F32, groups: int) -> NDArray[np.float64]:
    """Sum of `weights` ``(member, columns)`` by group, ``(member, groups)``, in float64 and in the order of the columns.

    Negative indices are counted nowhere.
    """
    members = index.shape[0]
    flat = index + (np.arange(members) * (groups + 1))[:, None]
    flat = np.where(index < 0, (np.arange(members) * (groups + 1) + groups)[:, None], flat)
    total = np.bincount(flat.ravel(), weights.ravel(), minlength=members * (groups + 1))
    return np.asarray(total.reshape(members, groups + 1)[:, :groups])


def pick(cumulative: F32, uniforms: F32) -> INT:
    """First column whose cumulative share exceeds the uniform.

    Parameters
    ----------
    cumulative : ndarray ``(events, options)``
        Cumulative shares, the last of them 1.
    uniforms : ndarray ``(events,)``

    Returns
    -------
    ndarray ``(events,)``
    """
    chosen = np.add.reduce(cumulative <= uniforms[:, None], axis=-1)
    return np.asarray(np.minimum(chosen, cumulative.shape[-1] - 1))
