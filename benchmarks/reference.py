"""The workload that the model is measured against: the least that an agent-based model does, written well in NumPy.

Each month every agent takes a step of an autoregressive process with a normal shock and may act, at a hazard of 3 %.
Whoever acts picks another agent, the likelier the more often that one was picked before, and pushes its level. Then
the month is summed up.
"""

from __future__ import annotations

import numpy as np

from sim.streams import Uniforms, member_key

PERSISTENCE, SPREAD, PUSH = np.float32(0.9), np.float32(0.3), np.float32(0.5)
HAZARD = np.float32(0.03)


class Reference:
    """A batch of the reference workload.

    Parameters
    ----------
    members, agents : int
        Size of the arrays, ``(member, agent)``.
    """

    def __init__(self, members: int = 32, agents: int = 2000) -> None:
        keys = np.array([member_key(0, replicate) for replicate in range(members)], np.uint64)
        self.uniforms = Uniforms(keys)
        self.level = np.zeros((members, agents), np.float32)
        self.picked = np.ones((members, agents), np.int64)
        self.month = 0
        self.record: list[tuple[np.ndarray, np.ndarray]] = []

    def advance(self, months: int) -> None:
        """Run some months."""
        for _ in range(months):
            self._step()
            self.month += 1

    def _step(self) -> None:
        agents = self.level.shape[1]
        shock = self.uniforms.normal("reference.shock", self.month, agents)
        np.multiply(shock, SPREAD, out=shock)
        np.multiply(self.level, PERSISTENCE, out=self.level)
        np.add(self.level, shock, out=self.level)
        acts = self.uniforms.draw("reference.act", self.month, agents) < HAZARD
        number = np.add.reduce(acts, axis=1)
        member = np.flatnonzero(acts) // agents
        target = self._pick(member, number)
        np.add.at(self.level.reshape(-1), target, PUSH)
        np.add.at(self.picked.reshape(-1), target, 1)
        self.record.append((np.add.reduce(self.level, axis=1, dtype=np.float64) / agents, number))

    def _pick(self, member: np.ndarray, number: np.ndarray) -> np.ndarray:
        """Flat index of an agent of each event's member, in proportion to how often it was picked.

        Weights are whole numbers, so one cumulative sum over all members is exact and one search serves them all.
        """
        cumulative = np.add.accumulate(self.picked.reshape(-1))
        ends = cumulative[self.picked.shape[1] - 1 :: self.picked.shape[1]]
        starts = np.concatenate([[0], ends[:-1]])
        most = int(np.maximum.reduce(number, initial=1))
        uniforms = self.uniforms.draw("reference.target", self.month, most)
        wanted = uniforms[np.arange(most) < number[:, None]].astype(np.float64)
        place = starts[member] + (wanted * (ends - starts)[member]).astype(np.int64)
        return np.searchsorted(cumulative, place, side="right")
