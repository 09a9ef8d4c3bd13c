from collections.abc import Iterator

import pytest

from local.servers import Postgres, SeaweedFS, Server, Valkey, start_all, stop_all


@pytest.fixture(scope="package")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    folder = tmp_path_factory.mktemp("servers")
    servers = [Postgres(folder / "pg", fast=True), Valkey(folder / "valkey"), SeaweedFS(folder / "s3")]
    start_all(servers)
    yield {server.name: server for server in servers}
    stop_all(servers)


@pytest.fixture
def postgres(servers: dict[str, Server]) -> Postgres:
    server = servers["postgres"]
    assert isinstance(server, Postgres)
    return server


@pytest.fixture
def valkey(servers: dict[str, Server]) -> Valkey:
    server = servers["valkey"]
    assert isinstance(server, Valkey)
    return server


@pytest.fixture
def seaweedfs(servers: dict[str, Server]) -> SeaweedFS:
    server = servers["seaweedfs"]
    assert isinstance(server, SeaweedFS)
    return server


@pytest.fixture(params=["postgres", "valkey", "seaweedfs"])
def server(servers: dict[str, Server], request: pytest.FixtureRequest) -> Server:
    return servers[request.param]
