"""The README keeps up with the code."""

import re
from pathlib import Path

import pytest

from training.corpus.reading.detect import COPY_COLUMNS, SUFFIXES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
READ = re.compile(r"""(?:env_\w+\(|environ\.get\(|environ\[)\s*["'](\w+)["']""")
SETTINGS = sorted(set(READ.findall((ROOT / "voicelab" / "settings.py").read_text(encoding="utf-8"))))


def test_the_settings_are_found():
    assert {"VOICELAB_VAR", "DATABASE_URL", "REDIS_URL", "VOICELAB_BASE_MODEL", "VOICELAB_PORT"} <= set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_has_a_line_in_the_readme(name):
    assert re.search(rf"^\| `{name}` \|", README, re.MULTILINE), f"Add a line for {name} to README.md, Settings."


COMMANDS = sorted(
    path.stem
    for app in ("training", "reviews")
    for path in (ROOT / app / "management" / "commands").glob("*.py")
    if path.stem not in ("__init__", "train", "write_candidates", "load_demo")
)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_for_people_is_in_the_readme(name):
    assert f"manage.py {name}" in README


def test_every_kind_of_file_that_is_read_is_in_the_readme():
    aliases = {".markdown", ".htm", ".xhtml"}
    assert [ending for ending in SUFFIXES if ending not in aliases and f"`{ending}`" not in README] == []


def test_every_column_for_copy_is_in_the_readme():
    assert [column for column in COPY_COLUMNS if f"`{column}`" not in README] == []
