"""``python -m sim.cli`` is ``aperture``."""

import sys

from sim.cli import main

sys.exit(main())
