import socket
from contextlib import closing

import pytest

from local.servers.ports import Reservations, free_ports, is_free


def test_free_ports_are_distinct_free_and_not_handed_to_outgoing_connections() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert all(map(is_free, ports))
    assert max(ports) < 32_768


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free(server.getsockname()[1])


def test_what_one_has_reserved_another_does_not_get_until_it_is_given_back() -> None:
    with closing(Reservations()) as mine, closing(Reservations()) as yours:
        port = mine.any()
        assert is_free(port), "the process that it is meant for can listen"
        assert not yours.take(port)
        assert yours.next(port) > port
        mine.close()
        assert yours.take(port)


def test_a_reservation_passes_over_a_listener() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, closing(Reservations()) as ports:
        assert ports.next(server.getsockname()[1]) > server.getsockname()[1]


def test_there_are_no_ports_above_65535() -> None:
    with closing(Reservations()) as ports, pytest.raises(OSError, match="no port from 70000 to 70099 is free"):
        ports.next(70_000)
