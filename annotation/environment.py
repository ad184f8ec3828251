"""Label Studio's own Python environment, and the settings it is started with.

Label Studio pins its SDK and an old pyarrow, so it never shares an environment
with this package. `ensure` makes one in the user's cache folder on first use;
the variable `DATELINE_LABEL_STUDIO_ENV` names an existing one instead.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ..corpus.errors import ServerError

VERSION: Final = "1.23.2"
VARIABLE: Final = "DATELINE_LABEL_STUDIO_ENV"
LOG: Final = "install.log"
DONE: Final = "dateline-complete"
KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "LD_LIBRARY_PATH")

Progress = Callable[[str], None]


def say(line: str) -> None:
    """Default progress: one line on stderr."""
    print(line, file=sys.stderr, flush=True)


def ensure(progress: Progress = say) -> Path:
    """The folder of an environment that holds Label Studio, made if need be.

    The first installation takes minutes and about 1 GB; `progress` is told how it
    goes. An interrupted one is started afresh. Raises `ServerError`.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return _checked(Path(named).expanduser())
    folder = _default()
    with _alone(folder.with_name(f"{folder.name}.lock"), progress):
        if not (folder / DONE).is_file():
            _install(folder, progress)
    return folder


def executable(folder: Path) -> Path:
    """The `label-studio` command of an environment."""
    return folder / "bin" / "label-studio"


def settings(data_dir: Path, account: Mapping[str, str]) -> dict[str, str]:
    """Environment variables of the server process.

    It gets nothing of the caller's environment but the bare necessities (a HOST
    set by a shell would become its host name), and no address outside the machine.
    `account` has `email`, `password`, `token` and `secret_key`.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(data_dir),
        "DJANGO_DB": "sqlite",
        "COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LATEST_VERSION_CHECK": "false",
        "FEATURE_FLAGS_OFFLINE": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_USERNAME": account["email"],
        "LABEL_STUDIO_PASSWORD": account["password"],
        "LABEL_STUDIO_USER_TOKEN": account["token"],
        "SECRET_KEY": account["secret_key"],
        "PYTHONUNBUFFERED": "1",
    }


def _default() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "dateline" / f"label-studio-{VERSION}"


def _checked(folder: Path) -> Path:
    """`folder` if it holds a Label Studio that is new enough, else `ServerError`."""
    found = sorted(folder.glob("lib/python3*/site-packages/label_studio-*.dist-info"))
    if not found or not executable(folder).is_file():
        raise ServerError(
            f"{VARIABLE}={folder} holds no Label Studio; unset it and one is installed, or "
            f"`{folder}/bin/pip install label-studio=={VERSION}`"
        )
    version = found[0].name.removeprefix("label_studio-").removesuffix(".dist-info")
    if _numbers(version) < _numbers(VERSION):
        raise ServerError(
            f"{VARIABLE}={folder} holds Label Studio {version}, which has known security holes; "
            f"`{folder}/bin/pip install label-studio=={VERSION}`"
        )
    return folder


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", version)[:3])


@contextmanager
def _alone(path: Path, progress: Progress) -> Generator[None]:
    """Hold a lock, so that two commands started together install once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("waiting for another command that installs Label Studio")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install(folder: Path, progress: Progress) -> None:
    progress(f"installing Label Studio {VERSION} into {folder} (once; minutes, about 1 GB)")
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, symlinks=True, with_pip=True)
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", f"label-studio=={VERSION}"]
    started = time.monotonic()
    with (folder / LOG).open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            while process.poll() is None:
                _wait(process, 15)
                packages = (folder / LOG).read_text("utf-8", "replace").count("\nCollecting ")
                seconds = round(time.monotonic() - started)
                progress(f"  {packages} packages found so far, {seconds} s")
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if process.returncode:
        lines = (folder / LOG).read_text("utf-8", "replace").strip().splitlines() or ["no output"]
        raise ServerError(f"pip could not install Label Studio ({folder / LOG}): {lines[-1]}")
    (folder / DONE).write_text(f"{VERSION}\n", "utf-8")
    progress(f"installed Label Studio {VERSION} in {round(time.monotonic() - started)} s")


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
