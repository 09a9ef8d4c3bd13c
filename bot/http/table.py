"""All routes under `/api/v1`, noun by noun: what is served, and what the OpenAPI document describes."""

from collections.abc import Sequence

from bot.http import (
    api_keys,
    clients,
    events,
    feedback,
    files,
    metrics,
    outputs,
    proposals,
    runs,
    skills,
    webhooks,
    workflows,
)
from bot.http.routing import Route

ROUTES: Sequence[Route] = [
    *skills.routes,
    *clients.routes,
    *files.routes,
    *runs.routes,
    *events.routes,
    *workflows.routes,
    *outputs.routes,
    *feedback.routes,
    *metrics.routes,
    *proposals.routes,
    *api_keys.routes,
    *webhooks.routes,
]
