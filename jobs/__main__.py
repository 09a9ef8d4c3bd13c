"""`python -m jobs`: a worker. Any number of them may run; SIGTERM lets one finish or hand back what it holds."""

from core import garbage

garbage.hold()

from jobs.process import main  # noqa: E402 - the collector is held before the libraries come

if __name__ == "__main__":
    main()
