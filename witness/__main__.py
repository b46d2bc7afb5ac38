"""`python -m witness`, and the first file of casehub-witness.pyz: see docs/witness.md."""

import sys

OLDEST = (3, 11)


def main() -> int:
    """Say what is missing, or run the command; return the exit code."""
    if sys.version_info < OLDEST:
        sys.stderr.write("casehub-witness needs Python 3.11 or newer\n")
        return 1
    try:
        import cryptography  # noqa: F401, PLC0415 - the one package that is needed
    except ImportError:
        sys.stderr.write("casehub-witness needs the package cryptography: pip install it\n")
        return 1
    from witness import commands  # noqa: PLC0415 - written for a Python that is new enough

    return commands.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
