"""The route table: each entry says all that the server and the OpenAPI document need to know of a route.

Nothing is written twice: a handler's parameters are the path's, `query` and `body`; its result is the answer; the
first line of its docstring is the summary.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from pydantic import BaseModel, TypeAdapter

from core.accounts.authentication import Scope
from core.errors import MarketingAgentError

PREFIX = "/api/v1"
_PATH_PARAMETER = re.compile(r"\{(\w+)(?::[^}]*)?\}")
Endpoint = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    Attributes:
        path: Below `/api/v1`; a parameter may bring its pattern, as in `{path:.+}`.
        scope: What a key needs; None where no key is asked for.
        limits: The policies that count, beside that for all calls.
        creates: Whether `Idempotency-Key` is taken.
        shows_secret: Whether the answer holds a secret, so that it is never kept.
        media_type: Of the answer, or of the body where it is no model (`raw_body`).
        headers: Request headers that it understands, with what they mean.
        errors: What may go wrong beyond what every route may answer.
    """

    method: str
    path: str
    endpoint: Endpoint
    tag: str
    scope: Scope | None
    status: int = 200
    limits: Sequence[str] = ()
    creates: bool = False
    shows_secret: bool = False
    raw_body: bool = False
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    errors: Sequence[type[MarketingAgentError]] = ()
    other_statuses: dict[int, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name by which a generated client calls it."""
        return self.endpoint.__name__

    @property
    def full_path(self) -> str:
        """As people write it, such as `/api/v1/runs/{run_id}`."""
        return PREFIX + _PATH_PARAMETER.sub(r"{\1}", self.path)

    @property
    def path_parameters(self) -> list[str]:
        """Their names, in order."""
        return _PATH_PARAMETER.findall(self.path)

    @property
    def hints(self) -> dict[str, Any]:
        """The types of the endpoint's parameters, and of its answer as `return`."""
        return get_type_hints(self.endpoint, include_extras=True)

    @property
    def query(self) -> type[BaseModel] | None:
        """The model of the query."""
        return self.hints.get("query")

    @property
    def body(self) -> type[BaseModel] | None:
        """The model of a JSON body."""
        return self.hints.get("body")

    @property
    def answer(self) -> Any:
        """The type of the answer; None where there is no body, or no JSON."""
        answer = self.hints["return"]
        return answer if isinstance(answer, type) and issubclass(answer, BaseModel) else None

    def path_types(self) -> dict[str, TypeAdapter[Any]]:
        """How each parameter of the path is read."""
        return {name: TypeAdapter(self.hints[name]) for name in self.path_parameters}

    def summary(self) -> tuple[str, str]:
        """The first line of the endpoint's docstring, and the rest."""
        first, _, rest = (inspect.getdoc(self.endpoint) or "").partition("\n")
        return first, rest.strip()


class Routes:
    """A noun's routes, collected by decorators."""

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self._routes: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        """The routes, in the order of their definition."""
        return iter(self._routes)

    def add(self, method: str, path: str, scope: Scope | None, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Serve the decorated endpoint there; `options` are the other attributes of `Route`."""

        def keep(endpoint: Endpoint) -> Endpoint:
            self._routes.append(Route(method, path, endpoint, self._tag, scope, **options))
            return endpoint

        return keep
