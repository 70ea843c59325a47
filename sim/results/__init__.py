"""What runs leave behind: `Results` of one or more scenarios, and their `Comparison` with a baseline on paired runs."""

from sim.results.comparison import Comparison, compare_runs
from sim.results.joining import first_runs, join
from sim.results.provenance import provenance
from sim.results.runs import Results, reduce_months
from sim.results.saving import open_results

__all__ = ["Comparison", "Results", "compare_runs", "first_runs", "join", "open_results", "provenance", "reduce_months"]
