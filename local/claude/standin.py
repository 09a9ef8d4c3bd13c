"""What lives as long as the server."""

from dataclasses import dataclass, field

from aiohttp import web

from local.claude.caching import PromptCache
from local.claude.recorder import Recorder
from local.claude.responder import Responder


@dataclass
class StandIn:
    """The parts of the stand-in that requests share."""

    responder: Responder
    wrong_keys: frozenset[str] = frozenset()
    cache: PromptCache = field(default_factory=PromptCache)
    recorder: Recorder = field(default_factory=Recorder)


STAND_IN = web.AppKey("stand_in", StandIn)
