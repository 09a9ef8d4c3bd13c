"""Prometheus metrics, by the names that the dashboards use."""

from prometheus_client import Counter, Gauge, Histogram

from storage.runs import Spending

UPDATES = Counter("marketing_agent_updates_total", "Updates taken into the inbox", ["channel", "outcome"])
UPDATE_SECONDS = Histogram("marketing_agent_update_seconds", "From an update's receipt to its handling")
DETECTIONS = Counter("marketing_agent_detections_total", "Messages looked at", ["kind", "method"])
QUEUE_SECONDS = Histogram("marketing_agent_queue_seconds", "From a run's place in line to its claim")
RUNS = Counter("marketing_agent_runs_total", "Runs that ended", ["status", "code"])
RUN_TOKENS = Counter("marketing_agent_tokens_total", "Tokens read and written", ["model"])
RUN_DOLLARS = Counter("marketing_agent_usd_total", "Dollars spent on models", ["model", "skill"])
RUNS_ACTIVE = Gauge("marketing_agent_runs_active", "Runs that this worker works on")
TELEGRAM_WAITS = Counter("marketing_agent_telegram_429_total", "Calls that Telegram asked to wait with")
LEARNING_DOLLARS = Counter("marketing_agent_learning_usd_total", "Dollars spent on learning", ["form"])
THEMES = Counter("marketing_agent_themes_total", "Themes of feedback, by what became of them", ["outcome"])
SWEEPS = Counter("marketing_agent_sweeps_total", "What the sweeper took back", ["what"])


def count_run(status: str, skill: str, model: str, spending: Spending) -> None:
    """Count a run that ended, and what it spent."""
    RUNS.labels(status, "").inc()
    RUN_TOKENS.labels(model).inc(spending.tokens)
    RUN_DOLLARS.labels(model, skill).inc(float(spending.cost_usd))
