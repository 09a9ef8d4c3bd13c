"""`python -m jobs`: a worker. Any number of them may run; SIGTERM lets one finish or hand back what it holds."""

from core import garbage
from core.settings import load_settings

garbage.hold()
settings = load_settings()  # first: who has a setting wrong hears of it before the libraries come

from jobs.process import main  # noqa: E402 - after the settings, and with the collector held

if __name__ == "__main__":
    main(settings)
