"""`python -m wareconomy` is the same as `wareconomy`."""

import sys

from wareconomy.cli import main

sys.exit(main())
