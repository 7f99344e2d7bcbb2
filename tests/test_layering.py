"""Who may import whom, by reading the source and by importing the web side for real."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"training", "reviews", "voicelab", "tests"}
PURE = ["training/corpus", "training/engine", "training/metrics", "training/starter", "training/store.py"]
HEAVY = ["torch", "transformers", "peft", "sklearn"]


def modules(place: str) -> Iterator[Path]:
    path = ROOT / place
    yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def imports(file: Path) -> set[str]:
    """Every module that a file names in an import, wherever it stands in it; relative ones made whole."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = file.relative_to(ROOT).parts[: -node.level] if node.level else ()
            whole = ".".join([*package, *([node.module] if node.module else [])])
            found |= {whole, *(f"{whole}.{name.name}" for name in node.names)}
    return found


def offenders(place: str, refused: set[str], allowed: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in modules(place)
        for name in sorted(imports(file))
        if name.split(".")[0] in refused and not name.startswith(allowed or "\0")
    ]


def test_training_imports_no_other_app():
    assert offenders("training", OURS - {"training"}) == []


def test_nobody_imports_the_wiring_except_its_roles():
    assert offenders("reviews", {"voicelab", "tests"}, allowed=("voicelab.roles",)) == []


@pytest.mark.parametrize("place", PURE)
def test_numbers_and_files_know_no_django(place):
    assert list(modules(place)) and offenders(place, {"django"}) == []


def test_the_web_side_imports_nothing_heavy():
    code = (
        "import django, sys; django.setup(); import voicelab.urls, voicelab.wsgi\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        f"print(*[name for name in {HEAVY} if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
