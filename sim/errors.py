"""The one exception for bad input."""


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
