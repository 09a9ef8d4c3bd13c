"""The methods of the Bot API that the stand-in knows, by their lower-case names."""

from . import chats, commands, files, getting_updates, messages
from .registry import METHODS, Method

__all__ = ["METHODS", "Method", "chats", "commands", "files", "getting_updates", "messages"]
