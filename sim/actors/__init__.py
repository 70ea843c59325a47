"""Decisions of each actor: what it reads, and what it decides.

No Mesa here; a roster says who decides for which columns.
"""
