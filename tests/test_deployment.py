"""What the files for deployment say is true: commands name modules that exist, settings are the product's."""

import importlib.util
import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import Settings
from tests.conftest import ROOT

SETTINGS = {name.upper() for name in Settings.model_fields}
ELSEWHERE = {"DATABASE_OWNER_PASSWORD", "DATABASE_PASSWORD"}  # only compose.yaml reads them
MODULE = re.compile(r"python -m ([\w.]+)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load(read("compose.yaml")))


def commands() -> dict[str, str]:
    """Every place that starts a process, with what it says."""
    found = {f"Procfile:{line.split(':', 1)[0]}": line for line in read("Procfile").splitlines() if line}
    found |= {f"compose:{name}": str(it.get("command", "")) for name, it in compose()["services"].items()}
    heroku = yaml.safe_load(read("heroku.yml"))
    found |= {
        f"heroku:{name}": json.dumps(it) for name, it in (heroku["run"] | {"release": heroku["release"]}).items()
    }
    found["Dockerfile"] = " ".join(re.findall(r'"([^"]+)"', read("Dockerfile").splitlines()[-1]))
    units = re.findall(r"^ExecStart=\S+/(.+)$", read("docs/deploy.md"), re.MULTILINE)
    found |= {f"systemd:{number}": unit for number, unit in enumerate(units)}
    return found


@pytest.mark.parametrize("name", ["Procfile:web", "Procfile:worker", "Procfile:release", "Dockerfile", "systemd:0"])
def test_a_command_is_there(name: str) -> None:
    assert MODULE.search(commands()[name])


@pytest.mark.parametrize(("name", "command"), commands().items(), ids=lambda it: it.split("\n")[0][:20])
def test_a_command_names_modules_that_can_be_run(name: str, command: str) -> None:
    for module in MODULE.findall(command):
        found = importlib.util.find_spec(module)
        assert found is not None, f"{name}: {module}"
        if found.submodule_search_locations is not None:
            assert importlib.util.find_spec(f"{module}.__main__") is not None, f"{name}: {module}"


def test_web_worker_and_release_are_the_same_everywhere() -> None:
    said = commands()
    for process in ("web", "worker", "release"):
        modules = {tuple(MODULE.findall(said[f"{place}:{process}"])) for place in ("Procfile", "compose", "heroku")}
        assert len(modules) == 1, process


def test_every_setting_is_explained_and_nothing_else_is() -> None:
    lines = read(".env.example").splitlines()
    named = [line.split("=", 1)[0] for line in lines if line and not line.startswith("#")]
    assert sorted(named) == sorted(SETTINGS)
    for before, line in pairwise(lines):
        if line.split("=", 1)[0] in SETTINGS:
            assert before.startswith("#") or before.split("=", 1)[0] in SETTINGS, f"{line}: in a word, what for?"


def test_defaults_are_the_products() -> None:
    for line in read(".env.example").splitlines():
        name, _, value = line.partition("=")
        if name in SETTINGS and value:
            default = Settings.model_fields[name.lower()].default
            assert type(default)(value) == default, name


def test_what_is_deployed_is_set_by_settings_that_exist() -> None:
    for name, service in compose()["services"].items():
        if "image" in service and "command" in service and service["image"] == "marketing-agent":
            assert set(service["environment"]) <= SETTINGS, name
    assert set(json.loads(read("app.json"))["env"]) <= SETTINGS
    asked = set(re.findall(r"\$\{(\w+):\?\}", read("compose.yaml")))
    assert asked <= SETTINGS | ELSEWHERE
    head = read("compose.yaml").split("\nname:")[0]
    assert all(name in head for name in asked)


def test_one_web_and_one_worker_by_default() -> None:
    formation = json.loads(read("app.json"))["formation"]
    assert {name: it["quantity"] for name, it in formation.items()} == {"web": 1, "worker": 1}


def test_the_image_holds_the_product_and_nothing_of_development() -> None:
    copied = {shlex.split(line)[1] for line in read("Dockerfile").splitlines() if line.startswith("COPY ")}
    copied -= {"--from=build"}
    kept = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert copied == kept
    assert not copied & {"local", "tests", "bench", "requirements-dev.lock"}
    assert all((ROOT / name).exists() for name in copied)
    packages = {path.parent.name for path in Path(ROOT).glob("*/__init__.py")} - {"local", "tests", "bench"}
    assert packages <= copied
    assert "requirements.lock" in copied
    assert "\nUSER 10001\n" in read("Dockerfile")
    assert "--require-hashes" in read("Dockerfile")
