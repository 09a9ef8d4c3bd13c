from decimal import Decimal

import pytest

from core.agent.pricing import affordable_output, price, rates
from core.agent.task import TokenUsage

MILLION = 1_000_000


def test_a_million_of_each() -> None:
    usage = TokenUsage(input=MILLION, output=MILLION, cache_read=MILLION, cache_write=MILLION)
    assert price("claude-sonnet-5", usage) == Decimal("14.7")  # 2 + 10 + 0.2 + 2.5


def test_searches_are_paid_for_each() -> None:
    assert price("claude-haiku-4-5", TokenUsage(searches=3)) == Decimal("0.03")


@pytest.mark.parametrize("name", ["claude-haiku-4-5-20251001", "claude-haiku-4-5-latest", "claude-haiku-4-5[1m]"])
def test_a_name_with_a_date_is_the_same_model(name: str) -> None:
    assert rates(name) == rates("claude-haiku-4-5")


@pytest.mark.parametrize("name", ["claude-sonnet-9", "claude-sonnet-5-9", "gpt", ""])
def test_an_unknown_model_counts_at_the_dearest_rates(name: str) -> None:
    assert rates(name).input == 15
    assert rates(name).output == 75


def test_costs_add_up_to_the_last_digit() -> None:
    one = TokenUsage(input=1, output=1, cache_read=1, cache_write=1)
    assert price("claude-sonnet-5", one) * 2 == price("claude-sonnet-5", one + one)


def test_money_that_is_left_after_the_prompt_buys_output() -> None:
    assert affordable_output("claude-sonnet-5", 0, Decimal(1)) == 100_000
    assert affordable_output("claude-sonnet-5", 200_000, Decimal(1)) == 50_000
    assert affordable_output("claude-sonnet-5", MILLION, Decimal(1)) < 0
