"""A client for tests and the terminal: be a person who chats with the bot, or the admin who breaks things.

async with Telegram("http://127.0.0.1:8000") as telegram:
    maya = await telegram.person("maya")
    await maya.send("Write homepage copy for Yaz Automate")
    ready = await maya.wait_for(lambda m: "is ready!" in m.text, timeout=30)
    await maya.tap(ready, "4")
    await telegram.admin.fault("flood", "editMessageText", times=2, retry_after=3)
"""

from .admin import Admin
from .connection import Connection, Refused
from .models import Answer, Button, Call, Document, Group, Message, State, Tap
from .person import Person
from .telegram import Telegram

__all__ = [
    "Admin",
    "Answer",
    "Button",
    "Call",
    "Connection",
    "Document",
    "Group",
    "Message",
    "Person",
    "Refused",
    "State",
    "Tap",
    "Telegram",
]
