"""Blocks of the documents that a command prints: `<!-- $ command -->` ... `<!-- end -->`.

`python tests/docs_blocks.py` writes what the commands print now into the files;
`test_docs.py` fails if a file holds anything else.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = ("README.md", "DATASHEET.md", "annotation/PRODUCTION.md", "docs/real-article.md")
BLOCK = re.compile(r"(<!-- \$ (?P<command>[^\n]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.S)
SCRIPT = Path(sys.executable).with_name("dateline")


def printed(command):
    """What the command prints on stdout."""
    words = shlex.split(command)
    assert words[0] == "dateline", command
    done = subprocess.run(
        [SCRIPT, *words[1:]], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def blocks():
    """(file, command, body) of every block, and every file that exists."""
    for name in FILES:
        path = ROOT / name
        if path.is_file():
            for match in BLOCK.finditer(path.read_text("utf-8")):
                yield name, match["command"], match["body"]


def refresh():
    """Write what the commands print into the files."""
    for name in FILES:
        path = ROOT / name
        if path.is_file():
            text = path.read_text("utf-8")
            new = BLOCK.sub(lambda m: f"{m[1]}{printed(m['command'])}{m[4]}", text)
            if new != text:
                path.write_text(new, "utf-8")
                print(name)


if __name__ == "__main__":
    refresh()
