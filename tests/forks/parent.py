"""What all forks have imported. Importing it starts no thread and opens nothing that a fork would share."""

import gc
from importlib import import_module

gc.disable()
for name in ("bot.process", "jobs.process", "local.claude.server", "local.telegram.server"):
    import_module(name)
gc.freeze()  # so that no fork copies these pages because its collector looks at them
gc.enable()
