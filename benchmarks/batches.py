"""The whole model in batches of members: the loop of `sim.runner.simulate`, cut into rounds of some months."""

from __future__ import annotations

from collections.abc import Mapping

from sim.members import batches, expand
from sim.month import begin, month
from sim.recorder import Recorder
from sim.roster import roster
from sim.scenario import Scenario, load

SCENARIO = "status_quo"


class Batch:
    """A batch, of the status quo, that has run for some months and can be taken further.

    Parameters
    ----------
    members : int
        Members of the batch.
    months : int
        Most months that it will run.
    details : bool
        Whether breakdowns for figures are recorded besides all outcomes.
    population : mapping of str to int
        Sizes other than the default ones.
    scenario : str or Scenario
        Another scenario than the status quo, by name; or one as it is, with sizes and months of its own.
    """

    def __init__(
        self,
        members: int,
        months: int,
        *,
        details: bool = True,
        population: Mapping[str, int] | None = None,
        scenario: str | Scenario = SCENARIO,
    ) -> None:
        settings = [f"population.{name}={size}" for name, size in (population or {}).items()]
        named = isinstance(scenario, str)
        self.scenario = load(scenario, settings=[*settings, f"months={months}"]) if named else scenario
        (batch,) = batches(expand([self.scenario], 1, members, 0), members)
        self.members = members
        self.state = begin(batch)
        self.roster = roster(self.state.labs.active.shape[1])
        self.recorder = Recorder(members, months, details=details)
        self.done = 0

    def advance(self, months: int) -> None:
        """Run and record some months more."""
        for number in range(self.done, self.done + months):
            self.state.clock.month = number
            month(self.state, self.roster)
            self.recorder.record(self.state)
        self.done += months

    @property
    def agents(self) -> int:
        """Agents of one member: slots for developers, misusers, defenders, builders."""
        size = self.scenario.population
        return int(size.slots + size.misusers + size.defenders + size.builders)

    @property
    def lanes(self) -> int:
        """Agents of one member and rows of its artefact table."""
        return self.agents + int(self.state.artefacts.downloads.shape[1])
