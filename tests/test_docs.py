"""The documents hold what the commands print, and their code runs."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from dateline.cli import app

from .docs_blocks import FILES, ROOT, blocks, printed


@pytest.mark.parametrize(("name", "command", "body"), list(blocks()))
def test_a_block_is_what_its_command_prints(name, command, body):
    assert body == printed(command), f"{name}: run `python tests/docs_blocks.py`"


@pytest.mark.parametrize("name", FILES)
def test_python_blocks_run(name, tmp_path):
    for code in re.findall(r"```python\n(.*?)```", (ROOT / name).read_text("utf-8"), re.S):
        done = subprocess.run(
            [sys.executable, "-W", "error::DeprecationWarning:__main__", "-c", code],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def commands(command, path=()):
    for name, child in getattr(command, "commands", {}).items():
        yield (*path, name), child
        yield from commands(child, (*path, name))


@pytest.mark.parametrize("path", [path for path, _ in commands(get_command(app))], ids=" ".join)
def test_every_command_has_help_with_an_example(path):
    shown = CliRunner().invoke(app, [*path, "--help"])
    assert shown.exit_code == 0
    children = dict(commands(get_command(app)))[path]
    if not getattr(children, "commands", None):
        assert f"Example: dateline {path[0]}" in " ".join(shown.output.split()).replace("│ ", "")


def test_the_real_article_goes_the_whole_way(real_data, tmp_path):
    """docs/real-article.md, as it stands, on a real server."""
    text = (ROOT / "docs" / "real-article.md").read_text("utf-8")
    (script,) = re.findall(r"```bash\n(.*?)```", text, re.S)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bin_folder = str(Path(sys.executable).parent)
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        env=os.environ
        | {
            "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "DATELINE_DATA": str(real_data.resolve()),
            "LABEL_STUDIO_PORT": str(port),
        },
    )
    assert done.returncode == 0, done.stderr
    assert "1 records, no error" in done.stdout
    # Whose claims they are is not asserted yet: that is binding with corpus 1.0.
    assert " | " in done.stdout
