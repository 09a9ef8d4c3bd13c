import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fetch.addresses import is_public, parse_address


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3"),  # noqa: S104 - loopback, this host
        *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),  # private
        *("169.254.169.254", "169.254.0.1"),  # link-local, where clouds keep their metadata
        *("100.64.0.1", "100.127.255.255"),  # shared by carriers
        *("224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1"),  # multicast, broadcast, reserved
        *("192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1"),  # documentation, benchmarks
        *("::1", "::", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"),  # IPv4 inside
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::"),
        *("2001::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1"),
    ],
)
def test_is_not_of_the_public_internet(address: str) -> None:
    assert not is_public(parse_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.215.14",
        "172.32.0.1",
        "2606:4700::1111",
        "2a00:1450::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_is_of_the_public_internet(address: str) -> None:
    assert is_public(parse_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_is_the_same_however_it_is_written(address: object) -> None:
    assert is_public(parse_address(f"::ffff:{address}")) == is_public(parse_address(str(address)))


@given(st.ip_addresses(v=6))
def test_nothing_outside_global_unicast_is_public(address: object) -> None:
    parsed = parse_address(str(address))
    if is_public(parsed) and not str(parsed).startswith(("::ffff:", "64:ff9b::")):
        assert 0x2000 <= int(parsed) >> 112 < 0x4000
