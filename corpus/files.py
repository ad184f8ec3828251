"""Writing files so that nothing is ever half-written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast


@contextmanager
def atomic(path: Path, *, mode: int = 0o644) -> Generator[BinaryIO]:
    """Open a temporary file beside `path`; rename it to `path` if all went well.

    On any exception `path` keeps its old bytes (or stays absent) and the
    temporary file is removed. Missing parent folders are made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield cast(BinaryIO, file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write(path: Path, data: bytes | str) -> None:
    """Replace the contents of `path` at once."""
    with atomic(path) as file:
        file.write(data.encode("utf-8") if isinstance(data, str) else data)
