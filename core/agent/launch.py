"""Becomes the CLI: with an environment of its own, in a session of its own, dying when the worker dies.

Runs by itself, through launch.sh, and is told by the environment: `MARKETING_AGENT_CLI`; `MARKETING_AGENT_PARENT`,
the worker's process id; `MARKETING_AGENT_PID_FILE`; `MARKETING_AGENT_KEEP`, the names of the variables that the CLI
gets. It imports little, since it runs once for each run.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1  # https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
_SIGKILL = 9


def main() -> None:
    """Prepare this process, and replace its program."""
    told = os.environ
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != int(told["MARKETING_AGENT_PARENT"]):  # it died before the line above
        sys.exit(1)
    os.setsid()  # a Ctrl-C at a terminal is the worker's to answer
    with open(told["MARKETING_AGENT_PID_FILE"], "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib is slow to load
        file.write(str(os.getpid()))
    cli = told["MARKETING_AGENT_CLI"]
    kept = {name: told[name] for name in told["MARKETING_AGENT_KEEP"].split(",") if name in told}
    os.execve(cli, [cli, *sys.argv[1:]], kept)  # noqa: S606 - that is its purpose


if __name__ == "__main__":
    main()
