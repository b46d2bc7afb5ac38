"""The tasks behind the Makefile: `python3 -m tools.make TASK`. Standard library only."""

import sys

OLDEST = (3, 11)


def main(task: str) -> int:
    """Run one task; return the exit code."""
    if sys.version_info < OLDEST:
        here = ".".join(str(number) for number in sys.version_info[:2])
        sys.stderr.write("CaseHub needs Python 3.11 or newer; python3 is {}.\n".format(here))  # noqa: UP032 - an old Python gets here
        return 1
    from tools import tasks  # noqa: PLC0415 - written for a Python that is new enough

    return tasks.run(task)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
