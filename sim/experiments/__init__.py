"""Experiments: studies made of many runs, each with a question of its own."""
