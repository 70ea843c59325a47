"""Work every hypothesis out anew and keep the result: ``python -m sim.validation.hypotheses``."""

import json
import sys
from pathlib import Path

from sim.validation import hypotheses


def main() -> int:
    """Evaluate, print the verdicts, write."""
    results = hypotheses.evaluate_all(workers=2)
    for result in results:
        print(f"{result.hypothesis.name}: {result.verdict}")
    text = json.dumps(hypotheses.document(results), indent=1, allow_nan=False) + "\n"
    Path(__file__).with_name(hypotheses.STORED).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
