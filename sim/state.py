"""The state of a batch of members: plain arrays, first axis the member, one writer each (named in brackets).

Axis letters: m member, l lab slot, s size in the family, r release in the ledger, d domain of harm, c class of
defenders, b slice of capability, j jurisdiction, g market segment, o option on the market (labs' own services, then
their open weights on hosts), a artefact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.levers import Levers
from sim.regime_table import RegimeTable
from sim.setting import Clock, Parameters
from sim.streams import Uniforms

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
INT = NDArray[np.int64]
BOOL = NDArray[np.bool_]

SLICE = 0.25
"""Width of a slice of capability in OOM."""
FIRST_SLICE = 24.0  # OOM at which the first slice begins
SLICES = 64
"""Slices cover capability 24 to 40 OOM."""
HISTORY = 60
"""Months before the start that the public record holds, so that lags can be measured from the first month on."""


@dataclass
class Labs:
    """Developers ``(m, l)``."""

    active: BOOL  # [market]
    jurisdiction: INT  # [enforcement]
    business_model: INT  # [initial, market on entry]
    cloud: F32  # complementary assets, 0 to 1: own data centres [initial]
    data: F32  # data of one's own [initial]
    distribution: F32  # ways to users [initial]
    labour: F32  # research staff of the first rank [initial]
    frameworks: F32  # software that others build on [initial]
    disposition: F32  # lasting openness disposition, payoff [initial]
    governance: F32  # probability that adverse evidence reaches the decision [initial]
    security_level: F32  # SL1 to SL5 [diffusion]
    knowledge: F32  # OOM, 0 in January 2024 [diffusion]
    capability: F32  # of the current flagship, OOM; 0 while there is none [release]
    log10_flop: F32  # of the current flagship [release]
    offset: F32  # (m, l, d) domain offsets of the flagship, OOM [release]
    regime: INT  # row of the current flagship [release, diffusion]
    budget_usd: F32  # of final training runs a year [market]
    cash_usd: F32  # [market]
    revenue_usd: F32  # of the own service, a month [market]
    complement_usd: F32  # income from complements of open models, a month [market]
    price: F32  # unit cost [market]
    brand: F32  # how well known the own service is, 0 to 1 [market]
    effort: F32  # share of effort given to safety [decision]
    next_run: INT  # month since the start [training]
    flaws_hidden: F32  # [oversight]
    flaws_known: F32  # [oversight]
    open_capability: F32  # best of the lab's weights that are out; 0 while none [release, diffusion]
    open_log10_flop: F32  # of that model [release, diffusion]
    open_reach: F32  # (m, l, d) best capability in each domain among the lab's open weights [release, diffusion]
    open_regime: INT  # row of the best open model [release, diffusion]
    stripped_reach: F32  # (m, l, d) the same without safeguards [diffusion]
    sells: BOOL  # (m, l, j) where the lab offers its service [enforcement]
    pending_usd: F32  # (m, l, j) penalties proven, not yet paid [enforcement]
    in_breach: BOOL  # [enforcement]


@dataclass
class Candidates:
    """Models trained this month ``(m, l)`` and, by size, ``(m, l, s)``."""

    due: BOOL
    capability: F32  # (m, l, s)
    log10_flop: F32  # (m, l, s)
    offset: F32  # (m, l, s, d)
    permitted: BOOL  # (m, l, s, regime)
    payoff: F32  # (m, l, s, regime)


@dataclass
class Ledger:
    """Every release ``(m, r)``; `count` ``(m,)`` rows are filled.

    Open weights are irrevocable: `open_month` is never unset.
    """

    count: INT
    lab: INT
    month: INT
    size: INT
    regime: INT
    log10_flop: F32
    capability: F32
    safeguard: F32
    components: INT  # bit mask of the 17 components of the Model Openness Framework
    licence: INT  # 0 proprietary, 1 restricted, 2 permissive
    documentation: F32
    jurisdiction: INT
    offset: F32  # (m, r, d)
    opens_month: INT  # when a staged release is due to open; -1 if never
    open_month: INT  # when the weights came out; -1 while they have not
    leaked: BOOL


@dataclass
class Market:
    """Demand ``(m, g, o)`` and what follows from it."""

    share: F32  # (m, g, o) of use [market]
    capability: F32  # (m, o) of what each option serves [market]
    price: F32  # (m, o) unit cost [market]
    family: INT  # (m, o) lab whose base weights the option runs on [market]
    available: BOOL  # (m, o) [market]
    payments: F32  # (m, g, o) USD a month [market]
    host_revenue: F32  # (m, host) USD a month [market]
    size: F32  # (m, g) USD a year at the reference price [market]
    surplus_usd: F32  # (m, g) a month [market]
    paid_in_usd: F64  # (m,) all payments of users so far, for the check of accounts [market]
    paid_out_usd: F64  # (m,) all receipts of labs and hosts so far [market]


@dataclass
class Knowledge:
    """What is public, and what has left by theft."""

    public: F32  # (m, j) algorithmic knowledge that is public in each jurisdiction, OOM [diffusion]
    stolen: F32  # (m, 3, d) best stolen capability: state-linked, organised crime, everybody [diffusion]
    attacks: F32  # (m, 1) attack knowledge, log-odds [oversight]
    thefts: F32  # (m, 1) this month [diffusion]


@dataclass
class Misusers:
    """Misusers: fixed traits ``(n,)``, states ``(m, n)``."""

    kind: INT
    domain: INT
    target: INT  # class of defenders that this misuser attacks
    weight: F32  # (m, n) share of real misusers that each simulated one stands for
    tier: INT  # 0 state-linked, 1 organised crime, 2 everybody else
    skill: F32  # (m, n)
    experience: F32  # [misuse]
    active: BOOL  # [misuse]
    number: INT  # (m, d) how many are active [misuse]
    cell: INT  # flat place of domain, target and route in use in tables (m, domain, class, column of a route) [misuse]
    stopped: BOOL  # disrupted, not yet back [misuse]
    banned: BOOL  # shut out of interfaces, without an account yet [misuse]
    column: NDArray[np.int8]  # route in use; 3, 4, 5 are stolen weights by tier [misuse]
    loss_usd: F32  # (m, d) loss of one success at the start [initial]
    events_initial: F32  # (m, d) expected successes a month without AI at the start [initial]


@dataclass
class Defenders:
    """Defenders: fixed traits ``(n,)``, states ``(m, n)``; classes are jurisdiction × size × self-hosting."""

    domain: INT
    group: INT  # class
    exposure: F32  # (m, n) share of its class
    budget: F32  # (m, n)
    tools: F32  # log-odds [defence]
    invested: F32  # log-odds [defence]
    place: INT  # (m, n) flat place of domain and class in tables (m, d, c)
    home: INT  # (m, n) flat place of domain and jurisdiction in tables (m, d, j)
    unpatched: F32  # (m, d, c, b), slices first in memory, since sums run over them and most are out of reach [defence]
    class_exposure: F32  # (m, c) share of all exposure
    capability: F32  # (m, d, c) best model in the domain that the class may use [defence]
    protection: F32  # (m, d, c) log-odds, by which success falls [defence]
    met: F32  # (m, d) best model that attackers could reach so far, OOM; 0 in the first month [defence]


@dataclass
class Builders:
    """Builders: fixed traits ``(n,)``, states ``(m, n)``."""

    type: INT  # need × budget × jurisdiction
    skill: F32  # (m, n)
    base: NDArray[np.int16]  # option on the market; -1 while there is none [building]
    made: F32  # innovations so far [building]
    all_made: F32  # (m, 1) innovations so far of all builders together [building]
    cell: INT  # flat place of type and base model in tables (m, type, 1 + option) [building]
    number: INT  # (m, type, 1 + option) how many builders stand there [building]
    users: INT  # (m, 1 + option) how many of all types stand there [building]
    skills: F64  # (m, type, 1 + option) sum of their skills, to which no order of builders matters [building]


@dataclass
class Artefacts:
    """Published derivatives ``(m, a)``: rows of a sliding window, in blocks of one month."""

    block: int
    log_quality: F32
    born: INT  # (a,) month
    weight: F32  # real artefacts for each row
    downloads: F32  # of one real artefact
    family: INT
    place: INT  # flat place of the family in tables (m, l)
    poisoned: F32
    permissive: F32  # (m, r) weight, where the licence is permissive
    retired: F32  # (m, 2) real artefacts and downloads that have left the window


@dataclass
class Regulators:
    """Regulators ``(m, j)``."""

    stringency: F32  # [decision]
    salience: F32  # [observation]
    reports: F32  # (m, j, lag) harm reported in the last months, the latest first [observation]


@dataclass
class Public:
    """The public record of last month; what everybody may read. ``(m, 1)`` unless stated."""

    frontier: F32
    open_best: F32
    api_best: F32
    capability: F32  # (m, l)
    use_share: F32  # (m, l) of each lab's base weights in use
    sold_share: F32  # (m, l) of each lab's own service among all who could buy, outside option included
    earnings_usd: F32  # (m, l) a month, from the own service and from complements
    best_cloud: F32  # that of the developer that has most; so for the next two, to which rules may give access
    best_data: F32
    best_distribution: F32
    effort: F32  # (m, l)
    market_usd: F32  # a year
    builders_open: F32  # share of builders on open weights
    builders_family: F32  # (m, l) share of builders on the open weights of each lab
    open_use: F32  # share of use on open weights
    closeness: F32  # of pursuers to the leader
    concentration: F32  # HHI of use, 0 to 1
    reported: F32  # (m, j) AI-attributed reported harm over harm without AI
    loss_ratio: F32  # (m, d) losses over those at the start
    information: F32  # (m, d, j) share of losses that defenders know of
    dangerous_capability: F32  # largest margin of the frontier above a domain's threshold, OOM
    incidents: F32
    frontier_history: F32  # (m, HISTORY + months) best capability of any model
    open_history: F32  # the same of open models
    flop_history: F32  # (m, …) largest log10 training FLOP of any model
    open_flop_history: F32


@dataclass
class Flows:
    """What happened this month, for the record; rewritten every month."""

    values: dict[str, NDArray[Any]] = field(default_factory=dict)


@dataclass
class State:
    """Everything about a batch of members."""

    clock: Clock
    parameters: Parameters
    regimes: RegimeTable
    seen: Mapping[str, RegimeTable]
    components: INT  # (m, regime) bit masks of the components that each row releases
    uniforms: Uniforms
    levers: Levers
    groups: Sequence[tuple[Any, int, int]]
    memory: list[dict[str, Any]]
    labs: Labs
    ledger: Ledger
    market: Market
    knowledge: Knowledge
    misusers: Misusers
    defenders: Defenders
    builders: Builders
    artefacts: Artefacts
    regulators: Regulators
    public: Public
    catastrophe: dict[str, F64]
    candidates: Candidates | None = None
    flows: Flows = field(default_factory=Flows)

    @property
    def members(self) -> int:
        """Number of members."""
        return int(self.labs.active.shape[0])

    def draw(self, stream: str, ids: int) -> F32:
        """Uniforms of this month, ``(member, ids)``."""
        return self.uniforms.draw(stream, self.clock.absolute, ids)

    def normal(self, stream: str, ids: int) -> F32:
        """Standard normals of this month, ``(member, ids)``."""
        return self.uniforms.normal(stream, self.clock.absolute, ids)
