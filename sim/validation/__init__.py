"""Validation: the kernels reduced to published models, and patterns measured as their sources measure them."""
