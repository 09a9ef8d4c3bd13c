"""`python -m bot`: a web process. It takes updates in, handles them, and serves the HTTP surface."""

from core import garbage

garbage.hold()

from bot.process import main  # noqa: E402 - the collector is held before the libraries come

if __name__ == "__main__":
    main()
