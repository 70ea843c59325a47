"""Settings of all tests: hypothesis tries the same examples every time, so that a test passes or fails for good."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=50, database=None)
settings.load_profile("repeatable")
