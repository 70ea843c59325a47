"""Speed of the model, as ratios to what is measured beside it; run with ``python -m benchmarks``.

One core: the libraries that NumPy may call are told so here, before NumPy is loaded.
"""

import os

for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
