"""Callbacks that every page shares."""
