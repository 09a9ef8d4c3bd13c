from core.agent.task import TokenUsage
from core.agent.usage import Meter, estimated_tokens


def test_turns_add_up_and_the_last_numbers_of_a_turn_hold() -> None:
    meter = Meter()
    meter.begin_turn({"input_tokens": 10, "output_tokens": 1, "cache_creation_input_tokens": 5})
    meter.end_turn({"output_tokens": 20, "cache_read_input_tokens": None})
    meter.begin_turn({"input_tokens": 3, "output_tokens": 1, "cache_read_input_tokens": 15})
    meter.end_turn({"output_tokens": 4, "server_tool_use": {"web_search_requests": 2}})

    assert meter.usage == TokenUsage(input=13, output=24, cache_read=15, cache_write=5, searches=2)
    assert meter.usage.total == 57


def test_a_turn_that_broke_off_counts_what_it_wrote() -> None:
    meter = Meter()
    meter.begin_turn({"input_tokens": 10, "output_tokens": 1})
    meter.break_off("ü" * 30)
    meter.break_off("more that belongs to no turn")

    assert meter.usage == TokenUsage(input=10, output=20)


def test_a_turn_that_ended_has_said_what_it_wrote() -> None:
    meter = Meter()
    meter.begin_turn({"input_tokens": 10, "output_tokens": 1})
    meter.end_turn({"output_tokens": 2})
    meter.break_off("much more than two tokens")

    assert meter.usage.output == 2


def test_of_two_counts_the_higher_one_holds() -> None:
    meter = Meter()
    meter.begin_turn({"input_tokens": 10, "output_tokens": 1})
    meter.end_turn({"output_tokens": 2})
    meter.at_least(TokenUsage(input=5, output=7, searches=1))

    assert meter.usage == TokenUsage(input=10, output=7, searches=1)


def test_a_token_is_three_bytes() -> None:
    assert estimated_tokens("") == 0
    assert estimated_tokens("abcd") == 2
    assert estimated_tokens("\ud800") == 1  # half of a pair, which can't be encoded
