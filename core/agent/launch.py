"""Becomes the CLI, with an environment of its own, in a session of its own, dying when the worker dies.

Runs by itself, through launch.sh. `MARKETING_AGENT_LAUNCH` is JSON: `cli`, `parent` (the worker's process id),
`keep` (the names of the variables that the CLI gets) and `pid_file`.
"""

import ctypes
import json
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html


def main() -> None:
    """Prepare this process, and replace its program."""
    launch = json.loads(os.environ["MARKETING_AGENT_LAUNCH"])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != launch["parent"]:  # it died before the line above
        sys.exit(1)
    os.setsid()  # a Ctrl-C at a terminal is the worker's to answer
    Path(launch["pid_file"]).write_text(str(os.getpid()), encoding="ascii")
    environment = {name: os.environ[name] for name in launch["keep"] if name in os.environ}
    os.execve(launch["cli"], [launch["cli"], *sys.argv[1:]], environment)  # noqa: S606 - that is its purpose


if __name__ == "__main__":
    main()
