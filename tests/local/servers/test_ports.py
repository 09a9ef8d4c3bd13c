import socket

from local.servers.ports import free_ports, is_free


def test_free_ports_are_distinct_free_and_not_handed_to_outgoing_connections() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert all(map(is_free, ports))
    assert max(ports) < 32_768


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free(server.getsockname()[1])
