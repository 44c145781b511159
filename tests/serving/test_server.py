import socket

import pytest

from radimpress.config.serving import Serving
from radimpress.runtime.errors import RadimpressError
from radimpress.serving.server import _accepted, _announced, _listen, _url, run_server


def test_a_port_that_is_taken_is_named(source_of, served):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RadimpressError, match=rf"127\.0\.0\.1 port {port} cannot be listened"):
            run_server(Serving(port=port), source_of(v1=served()), "")


def test_an_address_that_is_nobodys_is_named(source_of, served):
    with pytest.raises(RadimpressError, match="no-such-host.invalid port 0 cannot be"):
        run_server(Serving(host="no-such-host.invalid", port=0), source_of(v1=served()), "")


def test_a_model_that_does_not_load_is_the_end(source_of, capsys):
    with pytest.raises(RadimpressError, match="damaged"):
        run_server(Serving(port=0), source_of(v1=RadimpressError("damaged")), "")


def test_connections_are_sent_without_delay():
    with _listen("127.0.0.1", 0) as listening:
        with socket.create_connection(listening.getsockname()):
            connection, _ = listening.accept()
            with connection:
                assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_connections_that_wait_in_the_kernel_are_taken_over():
    with _listen("127.0.0.1", 0) as listening:
        with socket.create_connection(listening.getsockname()):
            with socket.create_connection(listening.getsockname()):
                found = list(_accepted(listening))
                assert len(found) == 2
                for connection in found:
                    connection.close()
                assert list(_accepted(listening)) == []


def test_a_server_that_cannot_announce_itself_serves_all_the_same(monkeypatch, tmp_path, capsys):
    (tmp_path / "mlruns").write_text("a file where a folder should be")
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    assert _announced("http://127.0.0.1:1", "models:/radimpress@champion") is None
    assert "not_announced" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104  # compared, not bound
        ("::", "http://[::1]:80"),
        ("models.example", "http://models.example:80"),
    ],
)
def test_the_url_is_one_that_this_machine_can_ask(host, url):
    assert _url(host, 80) == url
