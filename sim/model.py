"""Aperture as an ordinary Mesa model: open it up month by month, select agents, teach one of them something else.

Developers and regulators are agents of their own; misusers, defenders and builders are groups. Every agent decides
for its own column
of the same arrays that the batch runner uses, in the same month, so a member has the same bits either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np

from sim.actors.builders import BuilderDecisions
from sim.actors.defenders import DefenderDecisions
from sim.actors.labs import LabDecisions
from sim.actors.misusers import MisuserDecisions
from sim.actors.regulators import RegulatorDecisions
from sim.axes import BUSINESS_MODELS, JURISDICTIONS
from sim.members import batches, expand
from sim.month import begin, month
from sim.recorder import Recorder
from sim.roster import Roster
from sim.scenario import Scenario, load


class _Agent(mesa.Agent):  # type: ignore[misc]
    """An agent that decides when the month asks it to; Mesa's own step does nothing."""

    model: ReleaseModel


class Lab(LabDecisions, _Agent):
    """A developer: the slot `column` in the arrays of `sim.state.Labs`, in all members at once.

    Subclass it and override one decision (`effort`, `price`, `budget` or `regime`); pass the class as ``labs={slot:
    Subclass}``.
    """

    def __init__(self, model: ReleaseModel, column: int) -> None:
        super().__init__(model)
        self.column = column

    def __getattr__(self, name: str) -> Any:
        """Read an own state by its name in `sim.state.Labs`, for example ``lab.capability``, ``(member,)``."""
        labs = self.__dict__["model"].state.labs if "model" in self.__dict__ else None
        if labs is None or not hasattr(labs, name):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        return getattr(labs, name)[:, self.__dict__["column"]]

    @property
    def kind(self) -> str:
        """Business model in the first member."""
        return BUSINESS_MODELS[int(self.model.state.labs.business_model[0, self.column])]


class Regulator(RegulatorDecisions, _Agent):
    """A regulator: one jurisdiction."""

    def __init__(self, model: ReleaseModel, column: int) -> None:
        super().__init__(model)
        self.column, self.jurisdiction = column, JURISDICTIONS[column]


class MisuserGroup(MisuserDecisions, _Agent):
    """All misusers."""


class DefenderGroup(DefenderDecisions, _Agent):
    """All defenders."""


class BuilderGroup(BuilderDecisions, _Agent):
    """All builders."""


class ReleaseModel(mesa.Model):  # type: ignore[misc]
    """The model for Mesa.

    Parameters
    ----------
    scenario : Scenario or str
        What to run; a name or path is loaded.
    rng : int
        Seed; member r of this model is replicate r of the batch runner under the same seed.
    members : int
        Members that step together.
    labs : mapping of int to class, optional
        Slot to a subclass of `Lab` (or of `LabDecisions`) for that developer.

    Attributes
    ----------
    state : State
        The arrays, axis 0 the member.
    monthly : dict of str to ndarray ``(member, month)``
        Outcomes recorded so far.
    """

    def __init__(
        self,
        scenario: Scenario | str = "status_quo",
        rng: int = 0,
        members: int = 1,
        labs: Mapping[int, type[LabDecisions]] | None = None,
    ) -> None:
        super().__init__(rng=rng)
        self.scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        runs = expand([self.scenario], 1, members, rng)
        (self.members,) = batches(runs, members)
        self.state = begin(self.members)
        self._recorder = Recorder(members, self.scenario.months)
        self.monthly = self._recorder.monthly
        self.months_done = 0
        special = dict(labs or {})
        slots = self.state.labs.active.shape[1]
        deciders = [self._lab(column, special.get(column, Lab)) for column in range(slots)]
        regulators = [Regulator(self, column) for column in range(len(JURISDICTIONS))]
        self.roster = Roster(
            labs=[(lab, np.array([column])) for column, lab in enumerate(deciders)],
            regulators=[(regulator, np.array([regulator.column])) for regulator in regulators],
            misusers=MisuserGroup(self),
            defenders=DefenderGroup(self),
            builders=BuilderGroup(self),
        )

    def _lab(self, column: int, cls: type[LabDecisions]) -> LabDecisions:
        if issubclass(cls, Lab):
            return cls(self, column)
        taught: type[Lab] = type(cls.__name__, (cls, Lab), {})
        return taught(self, column)

    def step(self) -> None:
        """One month.

        Raises
        ------
        IndexError
            After the last month of the scenario.
        """
        if self.months_done >= self.scenario.months:
            raise IndexError(f"the scenario ends after {self.scenario.months} months")
        self.state.clock.month = self.months_done
        month(self.state, self.roster)
        self._recorder.record(self.state)
        self.months_done += 1
