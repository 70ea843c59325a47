"""The page Learn in parts: chapters, rounds, debrief, class kit."""
