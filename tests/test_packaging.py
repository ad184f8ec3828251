"""Guards: import directions, packages, the wheel, the console script, import cost."""

import ast
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("corpus", "annotation", "baselines", "scorer")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def modules(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path):
    """(level, first name) of every import, those inside functions included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.level, (node.module or "").split(".")[0]
        elif isinstance(node, ast.Import):
            yield from ((0, alias.name.split(".")[0]) for alias in node.names)


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_import_only_corpus_and_themselves(folder):
    for path in modules(folder):
        depth = len(path.relative_to(ROOT).parts) - 1
        for level, name in imports(path):
            assert level or name not in {*FOLDERS, "dateline"}, f"{path}: absolute import of {name}"
            if level == depth + 1 and folder != "corpus":
                assert name == "corpus", f"{path} imports {name}"
            assert level <= depth + (folder != "corpus"), f"{path} reaches above its package"


def test_every_folder_with_an_init_is_packaged():
    found = {
        ".".join(["dateline", *p.parent.relative_to(ROOT).parts])
        for folder in FOLDERS
        for p in (ROOT / folder).rglob("__init__.py")
    }
    assert found | {"dateline"} == set(PYPROJECT["tool"]["setuptools"]["packages"])


def test_modules_stay_short():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for folder in (*FOLDERS, "dateline")
        for path in modules(folder)
    }
    assert not {name: n for name, n in lengths.items() if n > 320}


def heavy_modules_after(code):
    probe = (
        f"import sys; {code}; "
        "print([m for m in ('sklearn','seqeval','datasets','torch','pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd="/"
    )
    return done.stdout.strip()


def test_the_front_door_is_light():
    assert heavy_modules_after("import dateline.cli") == "[]"
    assert heavy_modules_after("import dateline.scorer.metrics") == "[]"


def test_the_wheel_works_in_an_environment_of_its_own(tmp_path):
    """Built, installed without the sources in reach, run from another folder."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for package in PYPROJECT["tool"]["setuptools"]["packages"]:
        assert f"{package.replace('.', '/')}/__init__.py" in names
    for name in ("ontology.toml", "corpus.toml", "LICENSE", "MANIFEST.json", "hub/README.md"):
        assert f"dateline/corpus/{name}" in names
    assert "dateline/corpus/records/original/test.jsonl" in names
    assert "dateline/annotation/guidelines.md" in names
    # Dependencies come from the environment of the tests; the package does not.
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    site = next(home.glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    own = [p for p in sys.path if p.endswith("site-packages")]
    (site / "deps.pth").write_text("\n".join(own) + "\n")
    probe = "import dateline, sys; from dateline.cli import app; print(dateline.dataset_dir())"
    done = subprocess.run(
        [home / "bin" / "python", "-I", "-c", probe],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(site) in done.stdout


def test_the_console_script_runs_from_another_folder(tmp_path):
    script = Path(sys.executable).with_name("dateline")
    done = subprocess.run(
        [script, "--version"], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert PYPROJECT["project"]["version"] in done.stdout
