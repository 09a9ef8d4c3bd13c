"""The tables. Importing this package fills `SQLModel.metadata`."""

from storage.models.accounts import ApiKey, BudgetWarning, ChatBinding, Invite, User, UserChannel
from storage.models.catalogue import Client, ClientFile, Skill, Workflow
from storage.models.rules import LearningCost, RuleProposal, RuleVersion
from storage.models.runs import Delivery, Feedback, Output, Run, RunAttempt, RunEvent
from storage.models.traffic import DetectionLabel, InboundUpdate, OutboxMessage, PendingRequest
from storage.models.web import IdempotencyKey, WebhookDelivery, WebhookEndpoint, WebhookReceipt
from storage.models.workflows import WorkflowRun, WorkflowStep

__all__ = [
    "ApiKey",
    "BudgetWarning",
    "ChatBinding",
    "Client",
    "ClientFile",
    "Delivery",
    "DetectionLabel",
    "Feedback",
    "IdempotencyKey",
    "InboundUpdate",
    "Invite",
    "LearningCost",
    "OutboxMessage",
    "Output",
    "PendingRequest",
    "RuleProposal",
    "RuleVersion",
    "Run",
    "RunAttempt",
    "RunEvent",
    "Skill",
    "User",
    "UserChannel",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookReceipt",
    "Workflow",
    "WorkflowRun",
    "WorkflowStep",
]
