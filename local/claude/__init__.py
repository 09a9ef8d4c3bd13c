"""The Claude stand-in: a Messages API server with scripted answers, for a machine without an API key.

It is good enough for the `anthropic` library and for the CLI inside `claude-agent-sdk`: it refuses what the real
API refuses, streams as it streams, and counts tokens and prompt caching honestly. Without a script it writes a
sample from the facts in the prompt. `GET /_admin/requests` shows what it was asked.

A request travels `app` → `validation` → `responder` (script, forced form or sample) → `turn` → `sse`.
"""
