"""Calibration by history matching: which draws of the parameters the patterns to the end of 2024 do not rule out.

In waves (Vernon, Goldstein & Bower 2010): the first samples the prior; before each further one, linear emulators of
every pattern sift a much larger sample of the prior, and what they find nearest to all patterns together is run. A
draw is kept when its implausibility is at most `CUT` on every required pattern. The most promising are run again, more
often and with other luck, lest luck be what promised; those are taken whose implausibility is then smallest in the mean
square over patterns, as in rejection by distance (Beaumont, Zhang & Balding 2002). The prior is only ever cut: what the
patterns do not speak about stays as wide as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.parameters import REGISTRY
from sim.validation.history import histories
from sim.validation.patterns import PATTERNS, AllPatterns

F64 = NDArray[np.float64]
Progress = Callable[[str, int, int], None]

CUT = 3.0
"""Largest implausibility of a draw that is kept: three standard deviations (Pukelsheim 1994)."""
REPLICATES = 4
"""Runs of each draw."""
AGAIN = 12
"""Runs of each promising draw when it is run again."""
PROMISING = 4
"""Draws that are run again for each that is wanted."""
WAVES = 3
YEARS = 2
"""2023 and 2024: nothing later is looked at."""
RIDGE = 0.05
"""Penalty of the emulators, as a share of the number of runs."""
SIFTED = 40
"""Candidates for each run of the second wave."""


@dataclass(frozen=True)
class Wave:
    """Draws that were run.

    Attributes
    ----------
    samples : dict of str to ndarray (draw,)
    mean : ndarray (draw, pattern)
        Over replicates; of the patterns that are fitted, in order.
    chance : ndarray (pattern,)
        Variance of one history by chance alone, in the middle draw: in a few it is far larger.
    """

    samples: dict[str, Any]
    mean: F64
    chance: F64


@dataclass(frozen=True)
class Calibration:
    """What calibration found.

    Attributes
    ----------
    accepted : dict of str to ndarray (draw,)
    waves : tuple of Wave
    kept : tuple of int
        Draws kept in each wave.
    """

    accepted: dict[str, Any]
    waves: tuple[Wave, ...]
    kept: tuple[int, ...]


FITTED = tuple(i for i, pattern in enumerate(PATTERNS) if pattern.required and not pattern.predicted)
"""Places of the patterns that are fitted."""


def target() -> tuple[F64, F64]:
    """Middle of each fitted pattern's tolerance, and half its width, which counts as two standard deviations."""
    low = np.array([PATTERNS[i].low for i in FITTED])
    high = np.array([PATTERNS[i].high for i in FITTED])
    return (low + high) / 2, (high - low) / 2


def implausibility(mean: F64, chance: F64) -> F64:
    """Distance of each draw from each pattern in standard deviations, ``(draw, pattern)``.

    Variances of the source's tolerance and of chance are added, of chance twice over: the one history that was observed
    is a single run, and the mean is of few. What could not be measured in a draw counts as far off.
    """
    middle, half = target()
    distance = np.abs(mean - middle) / np.sqrt((half / 2) ** 2 + chance * (1 + 1 / REPLICATES))
    return np.where(np.isfinite(distance), distance, np.inf)


def calibrate(runs: int, wanted: int, seed: int, workers: int = 1, progress: Progress | None = None) -> Calibration:
    """Run the waves and return the draws that are kept, at most `wanted` of them, the least implausible first.

    Parameters
    ----------
    runs : int
        Draws of each wave.
    wanted, seed, workers : int
    progress : callable, optional
        Called with the name of the wave, runs done and runs of the wave.
    """
    names = REGISTRY.uncertain()
    waves = [_run(dict(REGISTRY.sample(runs, seed, names)), seed, workers, "wave 1", progress)]
    for number in range(1, WAVES):
        candidates = dict(REGISTRY.sample(runs * SIFTED, seed + number, names))
        sifted = _sift(waves, candidates, runs)
        chosen = {name: values[sifted] for name, values in candidates.items()}
        waves.append(_run(chosen, seed + number, workers, f"wave {number + 1}", progress))
    each = [implausibility(wave.mean, waves[0].chance) for wave in waves]
    together = np.concatenate(each)
    kept = tuple(int((implausible.max(axis=1) <= CUT).sum()) for implausible in each)
    first = _nearest(together, min(wanted * PROMISING, max(sum(kept), 1)))
    promising = {name: np.concatenate([wave.samples[name] for wave in waves])[first] for name in names}
    again = _run(promising, seed + WAVES, workers, "promising draws again", progress, AGAIN)
    taken = _nearest(implausibility(again.mean, waves[0].chance), min(wanted, sum(kept)))
    accepted = {name: values[taken] for name, values in promising.items()}
    return Calibration(accepted, tuple(waves), kept)


def _nearest(implausible: F64, wanted: int) -> NDArray[np.int64]:
    """Places of the draws nearest to all patterns together, those that one pattern rules out last."""
    ruled_out = implausible.max(axis=1) > CUT
    return np.lexsort((distance(implausible), ruled_out))[:wanted]


def distance(implausible: F64) -> F64:
    """Root of the mean square over patterns, ``(draw,)``."""
    return np.asarray(np.sqrt(np.mean(implausible**2, axis=1)))


def _run(
    samples: dict[str, Any],
    seed: int,
    workers: int,
    label: str,
    progress: Progress | None,
    replicates: int = REPLICATES,
) -> Wave:
    draws = len(next(iter(samples.values())))
    report = None if progress is None else (lambda done, total: progress(label, done, total))
    found = np.concatenate(histories(AllFitted(), YEARS, replicates, samples, seed, workers, report))
    by_draw = found.reshape(draws, replicates, -1)
    chance = np.nanmedian(np.where(np.isfinite(by_draw), by_draw, np.nan).var(axis=1, ddof=1), axis=0)
    return Wave(samples, by_draw.mean(axis=1), chance)


class AllFitted(AllPatterns):
    """The fitted patterns of a batch, ``(member, pattern)``."""

    def __call__(self, record: Any) -> F64:
        """Return the table."""
        return np.stack([np.asarray(PATTERNS[i].measure(record), np.float64) for i in FITTED], axis=1)


def _sift(waves: list[Wave], candidates: Mapping[str, Any], wanted: int) -> NDArray[np.int64]:
    """Places of the candidates that emulators, made from all waves so far, find nearest to the patterns."""
    known = np.concatenate([unit(wave.samples) for wave in waves])
    mean = np.concatenate([wave.mean for wave in waves])
    block = unit(candidates)
    middle, half = target()
    each = np.zeros((len(block), mean.shape[1]))
    for j in range(mean.shape[1]):
        good = np.isfinite(mean[:, j])
        line, left = _line(known[good], mean[good, j])
        spread = np.sqrt((half[j] / 2) ** 2 + waves[0].chance[j] + left)
        each[:, j] = np.abs(block @ line[1:] + line[0] - middle[j]) / spread
    return np.sort(np.argsort(distance(each), kind="stable")[:wanted])


def drivers(wave: Wave, most: int) -> list[tuple[float, list[tuple[str, float]]]]:
    """What moves each fitted pattern in a wave: the share of its variance over draws that a linear emulator explains,
    and the parameters with the steepest slopes, each in standard deviations of the pattern over half its range.
    """
    names, block, found = list(wave.samples), unit(wave.samples), []
    for j in range(wave.mean.shape[1]):
        good = np.isfinite(wave.mean[:, j])
        low, high = np.quantile(wave.mean[good, j], [0.01, 0.99])
        column = np.clip(wave.mean[good, j], low, high)
        line, left = _line(block[good], column)
        spread = float(column.std()) or 1.0
        steepest = np.argsort(-np.abs(line[1:]), kind="stable")[:most]
        found.append((1 - left / spread**2, [(names[k], float(line[1 + k]) / spread) for k in steepest]))
    return found


def unit(samples: Mapping[str, Any]) -> F64:
    """Draws in units of their prior, -1 to 1 over the range, ``(draw, parameter)``."""
    columns = []
    for name, values in samples.items():
        entry = REGISTRY[name]
        low, high, at = float(entry.low or 0), float(entry.high or 0), np.asarray(values, np.float64)
        if entry.distribution == "loguniform":
            low, high, at = np.log(low), np.log(high), np.log(at)
        columns.append((at - low) / (high - low) * 2 - 1)
    return np.stack(columns, axis=1)


def _line(x: F64, y: F64) -> tuple[F64, float]:
    """Ridge regression: intercept and slopes, and the variance that they leave."""
    centre = x.mean(axis=0)
    away = x - centre
    gram = away.T @ away + RIDGE * len(x) * np.eye(x.shape[1]) / 3
    slopes = np.linalg.solve(gram, away.T @ (y - y.mean()))
    intercept = y.mean() - centre @ slopes
    left = float(np.var(y - x @ slopes - intercept))
    return np.concatenate([[intercept], slopes]), left
