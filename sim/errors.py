"""The one exception for bad input."""

from __future__ import annotations


class InputError(ValueError):
    """Input that the user can mend.

    Parameters
    ----------
    where : str
        File and field, or the command-line argument.
    problem : str
        What is wrong, with the offending value.
    remedy : str
        What to write instead.
    """

    def __init__(self, where: str, problem: str, remedy: str) -> None:
        super().__init__(f"{where}: {problem} {remedy}".strip())
        self.where, self.problem, self.remedy = where, problem, remedy

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str, str]]:
        """Return what a pickle holds: an error that a worker raises must reach whoever asked as it is."""
        return type(self), (self.where, self.problem, self.remedy)
