"""Shipped scenarios, and worlds beside them, as TOML files that are read by importlib.resources."""
