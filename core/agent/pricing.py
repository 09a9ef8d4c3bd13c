"""What tokens cost, by the list in `prices.yaml`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import yaml

from core.agent.task import TokenUsage

_MILLION = Decimal(1_000_000)
_SUFFIX = re.compile(r"(-\d{8}|-latest|@\d{8})?(\[1m\])?$")  # what an alias leaves out


@dataclass(frozen=True, slots=True)
class Rates:
    """USD per million tokens."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> "Rates":
        """Read one line of the list."""
        return cls(**{name: Decimal(str(value)) for name, value in raw.items()})

    @classmethod
    def dearest(cls, rates: Iterable["Rates"]) -> "Rates":
        """The highest of each."""
        known = list(rates)
        return cls(*(max(getattr(it, name) for it in known) for name in cls.__slots__))


def rates(model: str) -> Rates:
    """The rates of a model, by its name with or without a date; of an unknown one, the dearest that are known."""
    known, dearest, _ = _price_list()
    return known.get(_SUFFIX.sub("", model), dearest)


def price(model: str, usage: TokenUsage) -> Decimal:
    """What this usage of a model costs, in USD, to the last digit."""
    its = rates(model)
    tokens = (
        usage.input * its.input
        + usage.output * its.output
        + usage.cache_read * its.cache_read
        + usage.cache_write * its.cache_write
    )
    return tokens / _MILLION + usage.searches * _price_list()[2]


def affordable_output(model: str, prompt_tokens: int, max_usd: Decimal) -> int:
    """How many tokens a model may write for this money, after reading a prompt of which nothing is cached."""
    its = rates(model)
    left = max_usd - prompt_tokens * max(its.input, its.cache_write) / _MILLION
    return int(left * _MILLION / its.output)


@cache
def _price_list() -> tuple[dict[str, Rates], Rates, Decimal]:
    raw = yaml.safe_load(resources.files("core.agent").joinpath("prices.yaml").read_text(encoding="utf-8"))
    known = {model: Rates.parse(line) for model, line in raw["models"].items()}
    return known, Rates.dearest(known.values()), Decimal(str(raw["web_search"]))
