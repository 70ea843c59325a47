"""Stages: one file per step of the month.

A stage reads the state, draws uniforms, calls kernels, and is the only writer of its arrays.
"""
