"""The object store: one S3 client for the life of the process, conditional puts, signed URLs."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import aioboto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.handlers import add_expect_header


class ObjectMissingError(Exception):
    """No object lies under this key."""


class ObjectExistsError(Exception):
    """A conditional put found that the name is taken."""


class ObjectChangedError(Exception):
    """A conditional put found another version than the one it was to replace."""


class ObjectStore:
    """One private bucket. Keys come from `storage.keys`."""

    def __init__(self, client: Any, bucket: str, public_client: Any | None = None) -> None:
        self._client = client
        self._public = public_client or client
        self.bucket = bucket

    async def get(self, key: str) -> bytes:
        """The bytes under `key`.

        Raises:
            ObjectMissingError: nothing lies there.
        """
        return (await self.get_version(key))[0]

    async def get_version(self, key: str) -> tuple[bytes, str]:
        """The bytes under `key`, and the store's own tag of this version.

        Raises:
            ObjectMissingError: nothing lies there.
        """
        try:
            answer = await self._client.get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if _status(error) == 404:  # noqa: PLR2004 - HTTP's own number
                raise ObjectMissingError(key) from error
            raise
        async with answer["Body"] as body:
            data: bytes = await body.read()
        return data, answer["ETag"]

    async def get_many(self, keys: Iterable[str]) -> dict[str, bytes | None]:
        """All of `keys` at once; None stands for what is missing."""

        async def one(key: str) -> bytes | None:
            try:
                return await self.get(key)
            except ObjectMissingError:
                return None

        wanted = list(keys)
        return dict(zip(wanted, await asyncio.gather(*map(one, wanted)), strict=True))

    async def put(self, key: str, data: bytes, content_type: str = "text/markdown; charset=utf-8") -> None:
        """Write `data` under `key`, replacing what was there."""
        await self._client.put_object(Bucket=self.bucket, Key=key, Body=data, ContentType=content_type)

    async def put_new(self, key: str, data: bytes, content_type: str = "text/markdown; charset=utf-8") -> None:
        """Write `data` under a name that nobody has used.

        Raises:
            ObjectExistsError: the name is taken (`If-None-Match: *` answered 412).
        """
        try:
            await self._client.put_object(
                Bucket=self.bucket, Key=key, Body=data, ContentType=content_type, IfNoneMatch="*"
            )
        except ClientError as error:
            if _status(error) in {409, 412}:
                raise ObjectExistsError(key) from error
            raise

    async def put_over(
        self, key: str, data: bytes, version: str, content_type: str = "text/markdown; charset=utf-8"
    ) -> None:
        """Write `data` over the version that was read.

        Raises:
            ObjectChangedError: another lies there now (`If-Match` answered 412).
        """
        try:
            await self._client.put_object(
                Bucket=self.bucket, Key=key, Body=data, ContentType=content_type, IfMatch=version
            )
        except ClientError as error:
            if _status(error) in {404, 409, 412}:
                raise ObjectChangedError(key) from error
            raise

    async def exists(self, key: str) -> bool:
        """Whether something lies under `key`."""
        try:
            await self._client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if _status(error) == 404:  # noqa: PLR2004 - HTTP's own number
                return False
            raise
        return True

    async def delete(self, key: str) -> None:
        """Remove what lies under `key`, if anything does."""
        await self._client.delete_object(Bucket=self.bucket, Key=key)

    async def list(self, prefix: str) -> AsyncIterator[str]:
        """Every key under `prefix`, in order."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        async for page in pages:
            for item in page.get("Contents", []):
                yield item["Key"]

    async def folders(self, prefix: str) -> AsyncIterator[str]:
        """The prefixes right below `prefix`, such as `outputs/copywriting/` below `outputs/`."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix, Delimiter="/"
        )
        async for page in pages:
            for folder in page.get("CommonPrefixes", []):
                yield folder["Prefix"]

    async def delete_prefix(self, prefix: str) -> int:
        """Delete everything under `prefix`; the number of objects that went."""
        keys = [key async for key in self.list(prefix)]
        for start in range(0, len(keys), 1000):
            batch = [{"Key": key} for key in keys[start : start + 1000]]
            await self._client.delete_objects(Bucket=self.bucket, Delete={"Objects": batch, "Quiet": True})
        return len(keys)

    async def presign(self, key: str, *, filename: str, seconds: int = 3600) -> str:
        """A URL that lets its holder download `key` as `filename` for `seconds`."""
        url: str = await self._public.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.bucket,
                "Key": key,
                "ResponseContentDisposition": f'attachment; filename="{filename}"',
            },
            ExpiresIn=seconds,
        )
        return url

    async def ensure_bucket(self) -> None:
        """Make the bucket if it is not there. For set-up; the product itself needs no such right."""
        try:
            await self._client.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if _status(error) != 404:  # noqa: PLR2004 - HTTP's own number
                raise
            await self._client.create_bucket(Bucket=self.bucket)

    async def check(self) -> None:
        """Ask the store whether it answers; for readiness."""
        await self._client.list_objects_v2(Bucket=self.bucket, MaxKeys=1)


@asynccontextmanager
async def open_object_store(
    *,
    bucket: str,
    region: str,
    access_key_id: str,
    secret_access_key: str,
    endpoint_url: str | None,
    public_url: str | None = None,
) -> AsyncIterator[ObjectStore]:
    """Open the process's one client. A second one is made only where signed URLs name another host."""
    session = aioboto3.Session(
        aws_access_key_id=access_key_id, aws_secret_access_key=secret_access_key, region_name=region
    )
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"} if endpoint_url else {},
        max_pool_connections=64,
        connect_timeout=5,
        read_timeout=20,
        retries={"max_attempts": 3, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    async with session.client("s3", endpoint_url=endpoint_url, config=config) as client:
        # Texts are kilobytes: asking first whether they may be sent (100-continue) only costs a round trip.
        client.meta.events.unregister("before-call.s3", add_expect_header)
        if public_url is None:
            yield ObjectStore(client, bucket)
            return
        async with session.client("s3", endpoint_url=public_url, config=config) as public:
            yield ObjectStore(client, bucket, public)


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
