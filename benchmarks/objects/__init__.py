"""The rules of the model as ordinary Mesa objects: one agent for each developer, misuser, defender and builder."""

from benchmarks.objects.model import ObjectModel

__all__ = ["ObjectModel"]
