"""All routes under `/api/v1`, noun by noun: what is served, and what the OpenAPI document describes."""

from collections.abc import Sequence

from bot.http import clients, files, skills
from bot.http.routing import Route

ROUTES: Sequence[Route] = [
    *skills.routes,
    *clients.routes,
    *files.routes,
]
