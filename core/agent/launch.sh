#!/bin/sh
# What the Agent SDK starts in place of its CLI: launch.py, which becomes the CLI.
exec "$MARKETING_AGENT_PYTHON" -I -S "${0%/*}/launch.py" "$@"
