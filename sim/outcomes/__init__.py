"""Outcomes: what is recorded every month, in which unit, whether more is better, and how months make one number."""

from sim.outcomes.records import HEADLINES, OUTCOMES, Outcome

__all__ = ["HEADLINES", "OUTCOMES", "Outcome"]
