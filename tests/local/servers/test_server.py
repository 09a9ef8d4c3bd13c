import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from local.servers import Postgres, Server, ServerError, Valkey, start_all

START_AND_DIE = """
import os, signal, sys
from pathlib import Path
from local.servers import Postgres, Valkey
server = {"postgres": Postgres, "valkey": Valkey}[sys.argv[1]](Path(sys.argv[2]))
server.start()
print(server.process_id, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_ctrl_c_in_our_terminal_does_not_reach_it(server: Server) -> None:
    assert server.process_id is not None
    assert os.getsid(server.process_id) == server.process_id


def test_it_listens_on_loopback_only(server: Server) -> None:
    connections = psutil.Process(server.process_id).net_connections("inet")
    listening = {connection.laddr for connection in connections if connection.status == psutil.CONN_LISTEN}
    assert {address.ip for address in listening} == {"127.0.0.1"}
    assert {address.port for address in listening} == set(server.ports.values())


def test_its_secrets_are_private(server: Server) -> None:
    assert server.folder.stat().st_mode & 0o066 == 0
    for path in server.folder.glob("*.json"):
        if any(secret in path.read_text() for secret in server.secrets.values()):
            assert path.stat().st_mode & 0o077 == 0, path
    seen = " ".join(psutil.Process(server.process_id).cmdline())
    assert not [secret for secret in server.secrets.values() if secret in seen]


def test_a_restart_keeps_ports_and_secrets(valkey: Valkey) -> None:
    before = valkey.process_id, valkey.url
    valkey.restart()
    assert valkey.process_id != before[0]
    assert valkey.url == before[1]


def test_a_start_when_it_runs_changes_nothing(valkey: Valkey) -> None:
    before = valkey.process_id
    valkey.start()
    assert valkey.process_id == before


def test_a_taken_port_is_left_to_its_owner(tmp_path: Path) -> None:
    with Valkey(tmp_path) as first:
        port = first.ports["redis"]
    with socket.create_server(("127.0.0.1", port)), Valkey(tmp_path) as second:
        assert second.ports["redis"] != port


def test_two_of_a_kind_run_at_once(tmp_path: Path) -> None:
    with Valkey(tmp_path / "one") as one, Valkey(tmp_path / "two") as two:
        assert one.alive
        assert two.alive
        assert one.url != two.url
    assert not one.alive
    assert not list(tmp_path.glob("*/process.json"))


@pytest.mark.parametrize("kind", [Postgres, Valkey])
def test_what_a_killed_parent_left_is_ended_by_the_next_start(kind: type[Server], tmp_path: Path) -> None:
    command = [sys.executable, "-c", START_AND_DIE, kind.name, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    left = psutil.Process(int(ended.stdout))
    assert left.is_running()
    with kind(tmp_path) as server:
        assert not left.is_running() or left.status() == psutil.STATUS_ZOMBIE
        assert server.alive


def test_a_server_that_can_not_start_says_why_and_nothing_stays(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "appendonlydir").write_text("not a folder")
    whole, broken = Valkey(tmp_path / "whole"), Valkey(tmp_path / "broken")
    with pytest.raises(ServerError, match=r"valkey did not start.*valkey\.log ends with"):
        start_all([whole, broken])
    assert not whole.alive
    assert not broken.alive
