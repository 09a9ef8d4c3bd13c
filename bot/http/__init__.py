"""The HTTP application: the webhook, health, metrics, and the frame that further routes use."""
