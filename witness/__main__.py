"""`python -m witness`: see docs/witness.md."""

import sys

from witness.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
