import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aioboto3
import pytest

from local.servers import SeaweedFS


@asynccontextmanager
async def client(server: SeaweedFS) -> AsyncIterator[Any]:
    async with aioboto3.Session().client(
        "s3",
        endpoint_url=server.environment["S3_ENDPOINT_URL"],
        region_name=server.environment["S3_REGION"],
        aws_access_key_id=server.environment["S3_ACCESS_KEY_ID"],
        aws_secret_access_key=server.environment["S3_SECRET_ACCESS_KEY"],
    ) as s3:
        yield s3


async def test_a_kill_loses_nothing(seaweedfs: SeaweedFS) -> None:
    async with client(seaweedfs) as s3:
        await s3.put_object(Bucket=seaweedfs.bucket, Key="a/b", Body=b"kept")
    seaweedfs.kill()
    seaweedfs.start()
    async with client(seaweedfs) as s3:
        stored = await s3.get_object(Bucket=seaweedfs.bucket, Key="a/b")
        assert await stored["Body"].read() == b"kept"


async def test_a_further_bucket_can_be_made_twice(seaweedfs: SeaweedFS) -> None:
    seaweedfs.create_bucket("another")
    seaweedfs.create_bucket("another")
    async with client(seaweedfs) as s3:
        await s3.put_object(Bucket="another", Key="a", Body=b"")
        names = {bucket["Name"] for bucket in (await s3.list_buckets())["Buckets"]}
    assert names == {seaweedfs.bucket, "another"}


def test_nothing_is_shown_without_a_signature(seaweedfs: SeaweedFS) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{seaweedfs.url}/{seaweedfs.bucket}/?list-type=2", timeout=5)  # noqa: S310


def test_a_stop_leaves_no_sockets_in_the_temporary_folder(tmp_path: Path) -> None:
    with SeaweedFS(tmp_path) as server:
        grpc_ports = [port for name, port in server.ports.items() if name.endswith(".grpc")]
        sockets = [path for port in grpc_ports for path in Path("/tmp").glob(f"seaweedfs-*-{port}.sock")]  # noqa: S108
        assert len(sockets) == 4
        server.kill()
        assert not [path for path in sockets if path.exists()]
