"""Kernels: the equations, one submodel a file.

A kernel takes arrays whose first axis is the ensemble member, parameters as columns, and uniforms; it returns arrays.
It owns no state, draws nothing, and knows neither policies nor the names of regimes.
"""
