"""The programs inside the wheels. The wheels are not imported: what their own classes do is not wanted here."""

from functools import cache
from importlib import metadata
from pathlib import Path


@cache
def program(distribution: str, name: str) -> Path:
    """Where a program of an installed distribution is.

    Args:
        distribution: Its name on the index.
        name: The file name of the program.

    Raises:
        FileNotFoundError: When it is not installed for this system.
    """
    try:
        files = metadata.files(distribution) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == name and (path := Path(str(file.locate()))).exists():
            return path.resolve()
    raise FileNotFoundError(f"{name} is missing: install {distribution} from requirements-dev.lock")
