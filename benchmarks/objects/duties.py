"""What the law asks of a developer of the object model, and what it makes of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import mesa

from sim.axes import DOMAINS, THRESHOLDS
from sim.levers import LEVERS
from tests.reference import twins

if TYPE_CHECKING:
    from benchmarks.objects.model import ObjectModel

BIO, OPEN = DOMAINS.index("bio"), 0.5


class Bound(mesa.Agent):
    """Somebody whom the rules of several jurisdictions bind."""

    model: ObjectModel
    number: int
    jurisdiction: int
    regime: int
    log10_flop: float
    sells: list[bool]

    def sees(self, kernel: str, attribute: str) -> float:
        """An attribute of the regime of the flagship."""
        return self.model.rows[kernel][self.regime][attribute]

    def duty(self, name: str) -> float:
        """A lever as it binds this developer: the strictest of its home and of where it sells."""
        values, lever = self.model.levers[name], LEVERS[name]
        if name not in self.model.moved:
            return lever.neutral
        binding = [v for place, v in enumerate(values) if self.sells[place] or place == self.jurisdiction]
        return min(binding) if lever.combine == "min" else max(binding)

    def at_home(self, name: str) -> float:
        """A lever of the home only."""
        return self.model.levers[name][self.jurisdiction]

    def freed(self, duty: str, exemption: str, flop: float) -> float:
        """Share of a duty that this developer is relieved of for open weights of a training compute."""
        if not self.model.moved >= {duty, exemption}:
            return 0.0
        levers, full, left = self.model.levers, 0.0, 0.0
        for place, value in enumerate(levers[duty]):
            if self.sells[place] or place == self.jurisdiction:
                exempt = levers[exemption][place] * (flop < levers["exemption_below_log10_flop"][place])
                full, left = max(full, value), max(left, value * (1 - exempt))
        return 1 - left / full if full > 0 else 0.0

    def freed_now(self, duty: str, exemption: str) -> float:
        """The same for the flagship, if its weights are open."""
        is_open = self.sees("regimes", "weights_access") >= OPEN
        return is_open * self.freed(duty, exemption, self.log10_flop)

    def _licensed(self, duty: str, first: dict[str, Any]) -> float:
        """How far a new flagship comes under a duty of licences."""
        if first["flop"] < self.duty("licence_above_log10_flop"):
            return 0.0
        is_open = self.model.rows["regimes"][first["regime"]]["weights_access"] >= OPEN
        return 1 - is_open * self.freed(duty, "licence_exemption", first["flop"])

    def _exposed(self) -> list[float]:
        """Share of a model's risk that each regime exposes others to; a staged one by what it turns into."""
        rows = self.model.rows["release"]
        share = [(1 - row["safeguard_persistence"]) * (1 - row["revocability"]) for row in rows]
        return [max(x, share[target]) for x, target in zip(share, self.model.opens_to, strict=True)]

    def _measures(self, item: dict[str, Any]) -> tuple[float, ...]:
        """A model in each kind of threshold."""
        level, thresholds = item["capability"], self.model.p["misuse"]["uplift_threshold"]
        margins = [level + o - t for o, t in zip(item["offset"], thresholds, strict=True)]
        return item["flop"], level, level - self.model.public["frontier"], max(margins), margins[BIO]

    def may(self, item: dict[str, Any], regime: int) -> bool:
        """Whether the law permits a model under a regime, licences included."""
        row, strict = self.model.rows["regimes"][regime], self.duty("licence_strictness")
        if item["flop"] >= self.duty("licence_above_log10_flop"):
            is_open = row["weights_access"] >= OPEN
            strict *= 1 - is_open * self.freed("licence_strictness", "licence_exemption", item["flop"])
            if not twins.licensed(item["capability"], strict, row, self.model.p["release"]):
                return False
        if "forbidden_above" not in self.model.moved:
            return True
        limits = self._limits()[regime]
        return all(m < limit for m, limit in zip(self._measures(item), limits, strict=True))

    def _limits(self) -> Sequence[Sequence[float]]:
        """Lowest thresholds by regime and kind among the jurisdictions that bind."""
        values = self.model.levers["forbidden_above"]
        places = [place for place in range(len(values)) if self.sells[place] or place == self.jurisdiction]
        return [
            [min(values[place][row][kind] for place in places) for kind in range(len(THRESHOLDS))]
            for row in range(len(values[0]))
        ]
