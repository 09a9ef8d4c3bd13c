"""`python -m bot`: a web process. It takes updates in, handles them, and serves the HTTP surface."""

from core import garbage
from core.settings import load_web_settings

garbage.hold()
settings = load_web_settings()  # first: who has a setting wrong hears of it before the libraries come

from bot.process import main  # noqa: E402 - after the settings, and with the collector held

if __name__ == "__main__":
    main(settings)
