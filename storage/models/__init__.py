"""The tables. Importing this package fills `SQLModel.metadata`."""

from storage.models.accounts import ApiKey, ChatBinding, Invite, User, UserChannel
from storage.models.catalogue import Client, ClientFile, Skill
from storage.models.runs import Delivery, Feedback, Output, Run, RunAttempt, RunEvent
from storage.models.traffic import DetectionLabel, InboundUpdate, OutboxMessage, PendingRequest

__all__ = [
    "ApiKey",
    "ChatBinding",
    "Client",
    "ClientFile",
    "Delivery",
    "DetectionLabel",
    "Feedback",
    "InboundUpdate",
    "Invite",
    "OutboxMessage",
    "Output",
    "PendingRequest",
    "Run",
    "RunAttempt",
    "RunEvent",
    "Skill",
    "User",
    "UserChannel",
]
