"""Pieces that several pages draw."""

from dashboard.components.notices import notice
from dashboard.components.titles import page_head

__all__ = ["notice", "page_head"]
