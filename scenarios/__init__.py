"""Shipped scenarios, and the worlds beside them: data only."""
