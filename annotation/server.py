"""A Label Studio server of one's own: start, stop, look, add accounts.

Everything of a server lies in its data folder: the database, `account.json`
(the administrator's and the annotators' keys, readable by the owner only),
`server.json` (process and port) and `server.log`. The server listens on
loopback, calls nothing outside and lets nobody sign up without the invite link.

Whether it runs is told by a lock on `server.lock` that the server process
inherits and holds as long as it lives, so that a process number which the
system gave to another program is never taken for it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import msgspec

from ..corpus.errors import InputError, ServerError
from ..corpus.files import atomic, write
from .environment import Progress, ensure, executable, say, settings
from .web import fetch, sign_up

ADMIN: Final = "admin@dateline.local"
HOST: Final = "127.0.0.1"
READY_AFTER: Final = 600.0
STOP_AFTER: Final = 20.0
TELL_EVERY: Final = 15.0

# The server must outlive the command that starts it, so it is a grandchild.
LAUNCHER: Final = """
import subprocess, sys
lock, log, *command = sys.argv[1:]
process = subprocess.Popen(
    command,
    stdin=subprocess.DEVNULL,
    stdout=int(log),
    stderr=int(log),
    start_new_session=True,
    pass_fds=[int(lock)],
)
print(process.pid)
"""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person's account. `token` is the key of the API, its own for each person."""

    email: str
    password: str
    token: str


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A running server. `pid` is also its process group."""

    url: str
    port: int
    pid: int


class _Keys(msgspec.Struct, kw_only=True):
    admin: Account
    secret_key: str
    tokens: dict[str, str] = {}


def serve(
    data_dir: Path, port: int = 8080, *, foreground: bool = False, progress: Progress = say
) -> Server:
    """Start the server and return when it answers.

    The first call installs Label Studio (`environment.ensure`) and makes the
    database. With `foreground` the call ends with the server: Ctrl-C or SIGTERM
    stops it cleanly. Raises `ServerError` if it runs already, the port is taken,
    or it does not come up.
    """
    data_dir = data_dir.expanduser().resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    folder = ensure(progress)
    with _lock(data_dir, fcntl.LOCK_EX, patience=1) as lock:
        if lock is None:
            running = status(data_dir)
            at = f"runs already at {running.url}" if running else "is just starting"
            raise ServerError(f"{data_dir}: its server {at}; --stop ends it")
        _check_free(port)
        (data_dir / "server.json").unlink(missing_ok=True)
        keys = _keys(data_dir, make=True)
        server = _start(folder, data_dir, port, keys, lock)
    try:
        write(data_dir / "server.json", msgspec.json.encode(server) + b"\n")
        _await(server, keys.admin, data_dir, progress)
        progress(f"Label Studio is ready at {server.url} (log in as {ADMIN})")
    except BaseException:
        _end(server.pid, data_dir)
        raise
    if foreground:
        _stay(server, data_dir)
    return server


def status(data_dir: Path) -> Server | None:
    """The server of this data folder, or None if it does not run."""
    data_dir = data_dir.expanduser().resolve()
    if _ended(data_dir):
        return None
    try:
        return msgspec.json.decode((data_dir / "server.json").read_bytes(), type=Server)
    except FileNotFoundError:
        return None


def stop(data_dir: Path) -> bool:
    """End the server; False if none runs. The data stay."""
    server = status(data_dir)
    if server is None:
        return False
    _end(server.pid, data_dir.expanduser().resolve())
    return True


def admin(data_dir: Path) -> Account:
    """The administrator's account, made by the first `serve`. Raises `ServerError`."""
    return _keys(data_dir.expanduser().resolve(), make=False).admin


def add_user(data_dir: Path, email: str) -> Account:
    """Make an account on the running server, with a new random password.

    The password is shown once, here; it is not kept. The token is kept for
    `token`. Raises `ServerError` if no server runs, `InputError` if the address
    is refused (malformed, or it has an account already).
    """
    data_dir = data_dir.expanduser().resolve()
    server = status(data_dir)
    if server is None:
        raise ServerError(f"{data_dir}: no server runs; `dateline annotate serve` starts one")
    keys = _keys(data_dir, make=False)
    if email.casefold() == keys.admin.email or email.casefold() in keys.tokens:
        raise InputError(f"{email} has an account already")
    password = secrets.token_urlsafe(12)
    key = sign_up(server.url, keys.admin.token, email.casefold(), password)
    keys.tokens[email.casefold()] = key
    _save(data_dir, keys)
    return Account(email=email.casefold(), password=password, token=key)


def token(data_dir: Path, email: str | None = None) -> str:
    """The API key of an account: the administrator's, or one made by `add_user`.

    Raises `InputError` for an address without an account here.
    """
    keys = _keys(data_dir.expanduser().resolve(), make=False)
    if email is None or email.casefold() == keys.admin.email:
        return keys.admin.token
    if email.casefold() not in keys.tokens:
        known = ", ".join([keys.admin.email, *sorted(keys.tokens)])
        raise InputError(f"{email} has no account on this server; accounts: {known}")
    return keys.tokens[email.casefold()]


def _keys(data_dir: Path, *, make: bool) -> _Keys:
    path = data_dir / "account.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Keys)
    except FileNotFoundError:
        if not make:
            raise ServerError(f"{data_dir} is no data folder of a server") from None
    except msgspec.DecodeError as error:
        raise ServerError(f"{path}: {error}") from None
    account = Account(email=ADMIN, password=secrets.token_urlsafe(12), token=secrets.token_hex(20))
    keys = _Keys(admin=account, secret_key=secrets.token_hex(32))
    _save(data_dir, keys)
    return keys


def _save(data_dir: Path, keys: _Keys) -> None:
    with atomic(data_dir / "account.json", mode=0o600) as file:
        file.write(msgspec.json.format(msgspec.json.encode(keys), indent=1) + b"\n")


@contextmanager
def _lock(data_dir: Path, kind: int, patience: float = 0) -> Generator[IO[bytes] | None]:
    """The data folder's lock, or None if a server (or one just starting) has it.

    `patience` in seconds outlasts the moment in which `status` has the lock.
    """
    limit = time.monotonic() + patience
    with (data_dir / "server.lock").open("ab") as file:
        while True:
            try:
                fcntl.flock(file, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < limit:
                    time.sleep(0.1)
                    continue
                yield None
            else:
                yield file
            return


def _ended(data_dir: Path) -> bool:
    """Whether no server process of the data folder lives."""
    if not (data_dir / "server.lock").exists():
        return True
    with _lock(data_dir, fcntl.LOCK_SH) as lock:
        return lock is not None


def _check_free(port: int) -> None:
    """Label Studio would silently take the next port."""
    if not 0 < port < 65536:
        raise ServerError(f"{port} is not a port (1 to 65535)")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise ServerError(f"port {port} needs rights you do not have; use another") from None
        except OSError:
            raise ServerError(f"port {port} is taken; choose another with --port") from None


def _start(folder: Path, data_dir: Path, port: int, keys: _Keys, lock: IO[bytes]) -> Server:
    """Start the server process, in a session of its own and no child of ours."""
    command = [str(executable(folder)), "start", "--no-browser", "--internal-host", HOST]
    account = msgspec.structs.asdict(keys.admin) | {"secret_key": keys.secret_key}
    with (data_dir / "server.log").open("ab") as log:
        handles = (lock.fileno(), log.fileno())
        launched = subprocess.run(
            [
                sys.executable,
                "-I",
                "-c",
                LAUNCHER,
                *map(str, handles),
                *command,
                "--port",
                str(port),
            ],
            cwd=data_dir,
            env=settings(data_dir, account),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            pass_fds=handles,
            check=False,
        )
    if launched.returncode:
        raise ServerError(f"cannot start {command[0]}: {launched.stderr.strip().splitlines()[-1]}")
    return Server(url=f"http://{HOST}:{port}", port=port, pid=int(launched.stdout))


def _await(server: Server, account: Account, data_dir: Path, progress: Progress) -> None:
    """Wait until the server answers, and answers to our own key."""
    log = data_dir / "server.log"
    started = told = time.monotonic()
    if not (data_dir / "label_studio.sqlite3").exists():
        progress("making the database (once, up to some minutes)")
    while fetch(f"{server.url}/health") is None:
        if _ended(data_dir):
            lines = log.read_text("utf-8", "replace").strip().splitlines() or ["no output"]
            raise ServerError(f"Label Studio ended at once ({log}): {lines[-1]}")
        now = time.monotonic()
        if now - started > READY_AFTER:
            raise ServerError(f"Label Studio does not answer after {READY_AFTER:.0f} s ({log})")
        if now - told > TELL_EVERY:
            progress(f"  starting, {now - started:.0f} s")
            told = now
        time.sleep(0.5)
    if fetch(f"{server.url}/api/current-user/whoami", account.token) is None:
        raise ServerError(f"{server.url} does not accept the key in {data_dir / 'account.json'}")


def _end(group: int, data_dir: Path) -> None:
    """SIGTERM to the process group, then SIGKILL to what has not gone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        limit = time.monotonic() + STOP_AFTER
        with suppress(ProcessLookupError):
            os.killpg(group, number)
        while time.monotonic() < limit:
            if _ended(data_dir):
                (data_dir / "server.json").unlink(missing_ok=True)
                return
            time.sleep(0.1)
    raise ServerError(f"the server's process {group} does not end")


def _stay(server: Server, data_dir: Path) -> None:
    """Wait as long as the server lives; end it when this process is told to end."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        while not _ended(data_dir):
            time.sleep(0.5)
    except KeyboardInterrupt:
        _end(server.pid, data_dir)
    finally:
        signal.signal(signal.SIGTERM, before)
