"""Where a webhook may lead: never to the inside of a network, whatever name or spelling is tried."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.webhooks.addresses import NotAllowed, check, is_public, resolve, target_of
from foundation.webhooks.signing import secret_of, signature

HOSTS = ["chat.example", "Hooks.Example"]


def target(address, hosts=HOSTS, on_loopback=False):
    return target_of(address, hosts=hosts, on_loopback=on_loopback)


def test_a_named_host_by_https_is_taken_apart():
    one = target("https://chat.example/services/T0/B0?thread=1")
    assert (one.host, one.port, one.path, one.secure) == ("chat.example", 443, "/services/T0/B0?thread=1", True)
    assert target("https://HOOKS.example").path == "/"
    assert target("https://chat.example:443/x").port == 443


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://chat.example/x", "must begin with https"),
        ("ftp://chat.example/x", "must begin with https"),
        ("//chat.example/x", "must begin with https"),
        ("https:///x", "must begin with https"),
        ("chat.example", "must begin with https"),
        ("", "must begin with https"),
        ("https://other.example/x", "does not send to other.example"),
        ("https://chat.example.evil.example/x", "does not send to"),
        ("https://chat.example@evil.example/x", "Leave out names"),
        ("https://me:secret@chat.example/x", "Leave out names"),
        ("https://chat.example/x#part", "Leave out names"),
        ("https://chat.example:8443/x", "Leave out the port"),
        ("https://chat.example:99999/x", "This is no address"),
        ("https://[::1/x", "This is no address"),
        ("https://chat.example/a b", "no spaces"),
        ("https://chat.example/x\r\nHost: evil", "no spaces"),
        ("https://chat.example/caf\u00e9", "only plain letters"),
        ("https://127.0.0.1/x", "does not send to"),
        ("https://[::ffff:127.0.0.1]/x", "does not send to"),
    ],
)
def test_everything_else_is_refused_with_the_reason(address, reason):
    with pytest.raises(NotAllowed, match=reason):
        target(address)


def test_without_a_list_nothing_is_sent_anywhere():
    with pytest.raises(NotAllowed):
        target("https://chat.example/x", hosts=[])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
        "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001::1", "fec0::1", "feff::a9fe:a9fe", "3fff::1", "192.88.99.1", "::ffff:192.88.99.1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("on_loopback", [False, True])
def test_no_address_inside_a_network_is_sent_to(address, on_loopback):
    found = ipaddress.ip_address(address)
    assert not is_public(found)
    if on_loopback and found.is_loopback:
        check(found, on_loopback=True)
    else:
        with pytest.raises(NotAllowed, match="not on the public internet"):
            check(found, on_loopback=on_loopback)


@pytest.mark.parametrize("address", ["1.1.1.1", "151.101.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are(address):
    check(ipaddress.ip_address(address), on_loopback=False)


@given(st.ip_addresses(v=4))
def test_an_address_is_never_better_for_being_written_in_the_longer_form(address):
    assert is_public(ipaddress.ip_address(f"::ffff:{address}")) == is_public(address)


def test_a_name_that_leads_to_this_machine_is_refused_although_it_is_on_the_list():
    with pytest.raises(NotAllowed, match=r"leads to (127\.0\.0\.1|::1)"):
        resolve(target("https://localhost/x", hosts=["localhost"]), on_loopback=False)
    assert resolve(target("http://localhost:8080/x", hosts=["localhost"], on_loopback=True), on_loopback=True)


def test_the_signature_is_the_documented_one():
    # printf '1793534400.{"a": 1}' | openssl dgst -sha256 -hmac whsec_test
    assert signature("whsec_test", 1793534400, '{"a": 1}') == (
        "t=1793534400,v1=d15af66601256ac00986ba29af43622865fcc72bdf6901b8c651090a7f877e6e"
    )


def test_each_webhook_has_a_secret_of_its_own_that_changes_with_the_portals_key():
    secrets = {secret_of(key, hook) for key in ("one", "two") for hook in ("a", "b")}
    assert len(secrets) == 4
    assert all(len(one) == 49 for one in secrets)  # whsec_ and 32 bytes in base64
