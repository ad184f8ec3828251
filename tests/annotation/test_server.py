import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dateline.annotation import environment, server
from dateline.annotation.client import Client, connect
from dateline.annotation.push import push
from dateline.corpus.errors import InputError, ServerError
from dateline.corpus.schema import Article


def test_status_names_the_running_server(data_dir: Path) -> None:
    running = server.status(data_dir)
    assert running is not None
    assert running.url == f"http://127.0.0.1:{running.port}"
    os.kill(running.pid, 0)
    written = json.loads((data_dir / "server.json").read_bytes())
    assert written == {"url": running.url, "port": running.port, "pid": running.pid}


def test_keys_are_for_the_owner_only(data_dir: Path) -> None:
    assert stat.S_IMODE((data_dir / "account.json").stat().st_mode) == 0o600
    account = server.admin(data_dir)
    assert len(account.token) == 40
    command = Path(f"/proc/{server.status(data_dir).pid}/cmdline")  # type: ignore[union-attr]
    if command.exists():
        assert account.password not in command.read_text()


def test_it_listens_on_loopback_only(data_dir: Path) -> None:
    running = server.status(data_dir)
    assert running is not None
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None)}
    for address in others - {"127.0.0.1", "::1"}:
        family = socket.AF_INET6 if ":" in str(address) else socket.AF_INET
        with socket.socket(family) as probe:
            probe.settimeout(1)
            assert probe.connect_ex((address, running.port)) != 0


def test_added_user_can_log_in_and_has_an_own_key(data_dir: Path) -> None:
    account = server.add_user(data_dir, "Cy@Example.org")
    assert account.email == "cy@example.org"
    with connect(data_dir, "CY@example.org") as client:
        assert client.person().email == "cy@example.org"
    assert server.token(data_dir, "cy@example.org") == account.token
    assert log_in(data_dir, account.email, account.password)
    assert not log_in(data_dir, account.email, "not-it-12345")
    for wrong in ("cy@example.org", "no address"):
        with pytest.raises(InputError, match=wrong):
            server.add_user(data_dir, wrong)
    with pytest.raises(InputError, match=r"di@example\.org has no account"):
        connect(data_dir, "di@example.org")


def log_in(data_dir: Path, email: str, password: str) -> bool:
    """Log in as a person does, through the form."""
    import httpx

    running = server.status(data_dir)
    assert running is not None
    with httpx.Client(base_url=running.url, trust_env=False) as browser:
        page = browser.get("/user/login/").text
        secret = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        form = {"email": email, "password": password, "csrfmiddlewaretoken": secret}
        answer = browser.post("/user/login/", data=form, headers={"Referer": f"{running.url}/"})
        return answer.status_code == 302


def test_nobody_signs_up_without_the_link(data_dir: Path) -> None:
    import httpx

    running = server.status(data_dir)
    assert running is not None
    with httpx.Client(base_url=running.url, trust_env=False) as browser:
        page = browser.get("/user/signup/").text
        secret = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        form = {"email": "x@example.org", "password": "long-enough-1"}
        answer = browser.post(
            "/user/signup/",
            data={**form, "csrfmiddlewaretoken": secret},
            headers={"Referer": f"{running.url}/"},
        )
    assert answer.status_code == 403


def test_second_start_and_taken_port_are_refused(data_dir: Path, tmp_path: Path) -> None:
    running = server.status(data_dir)
    assert running is not None
    with pytest.raises(ServerError, match=f"runs already at {running.url}"):
        server.serve(data_dir, running.port + 1)
    with pytest.raises(ServerError, match=f"port {running.port} is taken"):
        server.serve(tmp_path, running.port)
    with pytest.raises(ServerError, match="70000 is not a port"):
        server.serve(tmp_path, 70000)
    assert server.status(tmp_path) is None
    assert not (tmp_path / "server.json").exists()


def test_no_server(tmp_path: Path) -> None:
    assert server.status(tmp_path) is None
    assert server.status(tmp_path / "absent") is None
    assert server.stop(tmp_path) is False
    for call in (lambda: connect(tmp_path), lambda: server.add_user(tmp_path, "a@example.org")):
        with pytest.raises(ServerError, match="no server runs"):
            call()
    with pytest.raises(ServerError, match="no data folder"):
        server.admin(tmp_path)
    with Client("http://127.0.0.1:9", "x" * 40) as client, pytest.raises(ServerError) as error:
        client.person()
    assert "\n" not in str(error.value)


def test_wrong_key_is_one_line(data_dir: Path) -> None:
    running = server.status(data_dir)
    assert running is not None
    with Client(running.url, "0" * 40) as client, pytest.raises(ServerError) as error:
        client.users()
    assert "the key is not accepted" in str(error.value)
    assert "\n" not in str(error.value)


def test_stop_restart_and_foreground_keep_the_data(data_dir: Path, plain: object) -> None:
    assert callable(plain)
    article = plain("xx-0900")
    assert isinstance(article, Article)
    with connect(data_dir) as client:
        push(client, "kept", [article])
    before = server.status(data_dir)
    assert before is not None
    key = server.admin(data_dir)
    assert server.stop(data_dir) is True
    assert server.status(data_dir) is None
    assert server.stop(data_dir) is False

    code = (
        "import sys; from pathlib import Path; from dateline.annotation import server\n"
        "server.serve(Path(sys.argv[1]), int(sys.argv[2]), foreground=True)"
    )
    command = [sys.executable, "-c", code, str(data_dir), str(before.port)]
    for number in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            for line in process.stderr:
                if "is ready" in line:
                    break
            running = server.status(data_dir)
            time.sleep(0.5)
            process.send_signal(number)
            assert process.wait(60) == 0
            assert process.stderr.read() == ""
        assert running is not None
        assert server.status(data_dir) is None
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", running.port)) != 0

    lines: list[str] = []
    after = server.serve(data_dir, before.port, progress=lines.append)
    assert lines[-1] == f"Label Studio is ready at {after.url} (log in as {key.email})"
    assert server.admin(data_dir) == key
    with connect(data_dir) as client:
        project = client.project("kept")
        assert project is not None
        assert [data["article"] for data in client.tasks(project).values()] == ["xx-0900"]


def test_environment_named_by_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environment.VARIABLE, str(tmp_path))
    with pytest.raises(ServerError, match="holds no Label Studio"):
        environment.ensure()
    packages = tmp_path / "lib/python3.11/site-packages"
    (packages / "label_studio-1.22.0.dist-info").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    environment.executable(tmp_path).write_text("")
    with pytest.raises(ServerError, match=r"1\.22\.0, which has known security holes"):
        environment.ensure()
    (packages / "label_studio-1.22.0.dist-info").rename(packages / "label_studio-1.23.2.dist-info")
    assert environment.ensure() == tmp_path


def test_failed_installation_tells_pips_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(environment.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(environment, "VERSION", "0.0.0.dev404")
    lines: list[str] = []
    with pytest.raises(ServerError, match=r"pip could not install Label Studio.*ERROR"):
        environment.ensure(lines.append)
    assert lines[0].startswith("installing Label Studio 0.0.0.dev404 into")


def test_a_server_that_dies_at_once_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_port: int
) -> None:
    fake = tmp_path / "env" / "bin" / "label-studio"
    fake.parent.mkdir(parents=True)
    fake.write_text("#!/bin/sh\necho no luck today\nexit 3\n")
    fake.chmod(0o755)
    info = tmp_path / "env/lib/python3.11/site-packages/label_studio-1.23.2.dist-info"
    info.mkdir(parents=True)
    monkeypatch.setenv(environment.VARIABLE, str(tmp_path / "env"))
    with pytest.raises(ServerError, match=r"ended at once.*no luck today"):
        server.serve(tmp_path / "data", unused_port)
    assert server.status(tmp_path / "data") is None


def test_child_gets_no_stray_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "example.org")
    monkeypatch.setenv("SENTRY_DSN", "https://example.org")
    account = {"email": "a", "password": "p", "token": "t", "secret_key": "s"}
    given = environment.settings(tmp_path, account)
    assert "HOST" not in given
    assert given["SENTRY_DSN"] == given["FRONTEND_SENTRY_DSN"] == ""
    assert given["COLLECT_ANALYTICS"] == given["LATEST_VERSION_CHECK"] == "false"
