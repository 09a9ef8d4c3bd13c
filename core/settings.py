"""Every setting, read from the environment (and `.env`) by each `__main__`, never at import."""

import sys
from decimal import Decimal
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Network = IPv4Network | IPv6Network


class Settings(BaseSettings):
    """The environment, typed. `.env.example` explains each name in a line."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    # Stores
    database_url: SecretStr
    migrations_database_url: SecretStr | None = None
    database_pool_size: int = 10
    redis_url: SecretStr
    s3_endpoint_url: str | None = None
    s3_public_url: str | None = None
    s3_region: str = "us-east-1"
    s3_bucket: str = Field(min_length=3)
    s3_access_key_id: SecretStr
    s3_secret_access_key: SecretStr

    # Telegram
    telegram_bot_token: SecretStr
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_secret: SecretStr | None = None
    public_url: str | None = None

    # Claude
    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str = "https://api.anthropic.com"
    agent_model: str = "claude-sonnet-5"
    detect_model: str = "claude-haiku-4-5"

    # People
    registration: Literal["invite", "open"] = "invite"
    key_pepper: SecretStr = Field(min_length=16)

    # Limits
    runs_per_worker: int = Field(50, ge=1)
    agent_processes_per_worker: int = Field(10, ge=1)
    runs_per_user: int = Field(10, ge=1)
    runs_per_skill: int = Field(50, ge=1)
    run_max_usd: Decimal = Decimal("1.00")
    confirm_above_usd: Decimal | None = Field(Decimal("0.50"), ge=0)
    replay_max_usd: Decimal = Decimal("1.00")
    run_max_output_tokens: int = 16_000
    context_tokens: int = 60_000
    run_lease_seconds: float = 10.0
    heartbeat_seconds: float = 2.0
    drain_seconds: float = 20.0
    feedback_delay_seconds: float = Field(60.0, ge=0)

    # Web process
    host: str = "127.0.0.1"
    port: int = 8080
    trusted_proxies: str = ""
    rate_limit_factor: float = Field(1.0, gt=0)
    jobs_webhook_secret: SecretStr | None = None
    metrics_token: SecretStr | None = None
    worker_metrics_port: int | None = None
    log_format: Literal["json", "console"] = "json"
    log_level: str = "INFO"

    @field_validator("confirm_above_usd", mode="before")
    @classmethod
    def _never(cls, value: Any) -> Any:
        return None if value == "never" else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        networks(value)
        return value

    @cached_property
    def trusted_networks(self) -> tuple[Network, ...]:
        """The networks of the proxies whose `X-Forwarded-For` is believed."""
        return networks(self.trusted_proxies)


def networks(listed: str) -> tuple[Network, ...]:
    """Networks such as `10.0.0.0/8`, parted by commas.

    Raises:
        ValueError: one of them is none.
    """
    return tuple(ip_network(part.strip()) for part in listed.split(",") if part.strip())


def load_settings() -> Settings:
    """Read the settings, or name what is missing or wrong on stderr and exit with status 2.

    Raises:
        SystemExit: with code 2, after one line for each setting that can't be used.
    """
    try:
        return Settings()  # values come from the environment
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            what = "is not set" if problem["type"] == "missing" else problem["msg"]
            print(f"{name}: {what}. See .env.example.", file=sys.stderr)  # noqa: T201 - before logging exists
        raise SystemExit(2) from None


def load_web_settings() -> Settings:
    """The settings of a web process, which needs a secret where it has a webhook.

    Raises:
        SystemExit: with code 2, after one line for each setting that can't be used.
    """
    settings = load_settings()
    if settings.public_url and settings.telegram_webhook_secret is None:
        print("TELEGRAM_WEBHOOK_SECRET: is not set, but PUBLIC_URL is. See .env.example.", file=sys.stderr)  # noqa: T201
        raise SystemExit(2)
    return settings
