import socket
import threading
import time

import pytest
from of_tools.tracking import webhook

SECRET, BODY = "s" * 32, b'{"event": "1"}'


def test_signature_binds_time_and_body():
    header = webhook.signature([SECRET], 1000, BODY)
    assert header.startswith("t=1000,v1=")
    assert webhook.is_signed(SECRET, header, BODY, 1100)
    assert not webhook.is_signed(SECRET, header, BODY + b"x", 1100)
    assert not webhook.is_signed("other", header, BODY, 1100)
    assert not webhook.is_signed(SECRET, header.replace("1000", "1001"), BODY, 1100)


@pytest.mark.parametrize("header", ["", "t=", "v1=aa", "t=x,v1=aa", "t=1000,v1="])
def test_what_is_no_signature_is_none(header):
    assert not webhook.is_signed(SECRET, header, BODY, 1000)


def test_an_old_signature_is_refused():
    assert not webhook.is_signed(SECRET, webhook.signature([SECRET], 1000, BODY), BODY, 1301)


def test_back_off_grows_and_ends():
    waits = [webhook.minutes_to_wait(failures) for failures in range(1, len(webhook.BACK_OFF) + 1)]
    assert waits == sorted(waits)
    assert webhook.minutes_to_wait(len(webhook.BACK_OFF) + 1) is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://a.test/x?y=1", ""),
        ("http://a.test:8080", ""),
        ("ftp://a.test", "scheme"),
        ("//a.test", "scheme"),
        ("", "scheme"),
        ("https://", "malformed"),
        ("https://a.test:99999/", "malformed"),
        ("https://a.test/\r\nHost: b", "malformed"),
        ("https://u:p@a.test/", "credentials"),
    ],
)
def test_addresses(url, problem):
    assert webhook.url_problem(url) == problem


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "224.0.0.1",
    ],
)
def test_private_addresses(address):
    assert webhook.is_private(address)


def test_public_addresses():
    assert not webhook.is_private("8.8.8.8")
    assert not webhook.is_private("2001:4860:4860::8888")


def test_a_name_with_one_private_address_is_refused(monkeypatch):
    answers = [(0, 0, 0, "", ("8.8.8.8", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(webhook.socket, "getaddrinfo", lambda *_args, **_options: answers)
    with pytest.raises(webhook.CallError, match="private"):
        webhook.resolve("rebind.test", 443, allow_private=False)
    assert webhook.resolve("rebind.test", 443, allow_private=True) == "8.8.8.8"


def test_an_answer_that_drips_is_cut_off():
    listener = socket.create_server(("127.0.0.1", 0))

    def drip():
        caller, _address = listener.accept()
        with caller:
            for _byte in range(100):
                try:
                    caller.sendall(b"H")
                except OSError:
                    return
                time.sleep(0.05)

    threading.Thread(target=drip, daemon=True).start()
    with pytest.raises(webhook.CallError, match="in time"):
        webhook.post(
            f"http://127.0.0.1:{listener.getsockname()[1]}/", BODY, {}, allow_private=True, seconds=0.3
        )
    listener.close()


def test_letters_in_the_address_are_escaped():
    listener = socket.create_server(("127.0.0.1", 0))
    heard = []

    def answer():
        caller, _address = listener.accept()
        with caller:
            heard.append(caller.recv(4096).split(b"\r\n")[0])
            caller.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/bestellungen/größe%20a?für=x#top"
    assert webhook.post(url, BODY, {}, allow_private=True, seconds=5).is_taken
    thread.join(5)
    listener.close()
    assert heard == [b"POST /bestellungen/gr%C3%B6%C3%9Fe%20a?f%C3%BCr=x HTTP/1.1"]


def test_nobody_there():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    with pytest.raises(webhook.CallError, match="127.0.0.1"):
        webhook.post(f"http://127.0.0.1:{port}/", BODY, {}, allow_private=True, seconds=1)


def test_either_secret_fits_while_it_is_changed():
    header = webhook.signature(["new" * 8, SECRET], 1000, BODY)
    assert webhook.is_signed(SECRET, header, BODY, 1000) and webhook.is_signed("new" * 8, header, BODY, 1000)
    assert not webhook.is_signed("other" * 8, header, BODY, 1000)


@pytest.mark.parametrize("header", ["", "t=1000", "t=\u0661,v1=x", "t=,v1=", "v1=ä,t=1000", "t=1000,v1=ä"])
def test_a_header_that_is_none(header):
    assert not webhook.is_signed(SECRET, header, BODY, 1000)
