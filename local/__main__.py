"""`python -m local`: run everything on this machine until Ctrl-C."""

import sys

from local.stack.command_line import main

if __name__ == "__main__":
    sys.exit(main())
