"""Lists of words and patterns, as text files that people can read and mend."""

from importlib import resources


def lines(name: str) -> list[str]:
    """The lines of `<name>.txt` without those that are empty or comments."""
    read = resources.files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in read.splitlines() if line.strip() and not line.startswith("#")]


def sections(name: str) -> dict[str, list[str]]:
    """The lines of `<name>.txt` under each `[section]`."""
    found: dict[str, list[str]] = {}
    for line in lines(name):
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        else:
            current.append(line)
    return found
