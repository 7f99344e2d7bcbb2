"""`manage.py write`: copy for a file of briefs."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests import tiny

BRIEFS = [
    {"channel": "ad", "topic": "a rye loaf", "facts": ["£3.50", "on Friday"], "id": 7},
    {"channel": "email", "topic": "opening hours", "audience": "regulars\u2028and friends", "call_to_action": "Come"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny base on disk, as VOICELAB_BASE_MODEL may name it."""
    folder = tmp_path_factory.mktemp("base")
    tiny.model().save_pretrained(folder)
    tiny.tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture
def write(settings, folder, tmp_path):
    """Run the command on these rows; returns what it wrote."""
    settings.BASE_MODEL = str(folder)

    def run(*options, rows=BRIEFS, **named):
        briefs, out = tmp_path / "briefs.jsonl", tmp_path / "copy.jsonl"
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        briefs.write_text("\n".join(lines), encoding="utf-8")
        call_command("write", *options, briefs=briefs, out=out, **named)
        return [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]

    return run


@pytest.fixture
def adapter(settings, tmp_path, folder, voice):
    """Version 1 of the voice, live, made from the tiny base."""
    from training.engine.base import load_base
    from training.models import ModelVersion

    settings.MODELS = tmp_path / "models"
    base = load_base(str(folder))
    tiny.run(tmp_path, base, tiny.rows())
    settings.MODELS.mkdir()
    (tmp_path / "work" / "adapter").rename(settings.MODELS / "v1")
    return ModelVersion.objects.create(
        voice=voice,
        kind="adapter",
        number=1,
        base_model=str(folder),
        base_digest=base.digest,
        adapter="v1",
        is_live=True,
    )


def test_each_brief_comes_back_with_output_version_and_seed(write, folder, capsys):
    first, second = write("--base", seed=5)
    assert {**BRIEFS[0], "audience": "", "call_to_action": ""}.items() <= first.items()
    assert second["audience"] == "regulars and friends" and second["facts"] == []
    assert (first["seed"], second["seed"]) == (5, 6) and first["version"] == str(folder)
    assert first["output"] and second["output"]
    assert "2 texts by" in capsys.readouterr().out


def test_the_same_seed_writes_the_same(write):
    assert write("--base", seed=5) == write("--base", seed=5) != write("--base", seed=9)
    assert write("--base", temperature=0.0)[0]["output"] == write("--base", temperature=0.0, seed=9)[0]["output"]


def test_the_live_version_of_a_voice_writes(write, adapter):
    [row] = write("--voice=bakery/house", rows=BRIEFS[:1])
    assert row["version"] == "house 1"
    assert row["output"] != write("--base", rows=BRIEFS[:1])[0]["output"]
    assert write("--voice=house", "--version=1", rows=BRIEFS[:1]) == [row]


def test_a_version_of_another_base_does_not_write(write, adapter):
    adapter.base_digest = "0" * 64
    adapter.save()
    with pytest.raises(CommandError, match="Version 1 of House voice was trained on another .* or retrain"):
        write("--voice=house")


def test_a_version_without_its_files_does_not_write(write, adapter, settings, tmp_path):
    settings.MODELS.rename(tmp_path / "elsewhere")
    with pytest.raises(CommandError, match="Version 1 of House voice has lost its files, .*v1. Bring them back"):
        write("--voice=house")


def test_a_voice_that_cannot_write_says_why(write, voice):
    with pytest.raises(CommandError, match="has no live version yet. Promote one, or write with --base"):
        write("--voice=house")
    with pytest.raises(CommandError, match="House voice has no version 4"):
        write("--voice=house", "--version=4")
    with pytest.raises(CommandError, match="nobody: there is no such voice. Choose one of: bakery/house"):
        write("--voice=nobody")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{oops", "line 2: not JSON"),
        ("[" * 100_000, "line 2: not JSON"),
        ("[1]", "line 2: it is not an object in braces"),
        ({"channel": "ad"}, "line 2: topic is empty"),
        ({"channel": "fax", "topic": "x"}, "line 2: channel is 'fax'; use one of: blog"),
        ({"channel": "ad", "topic": 5}, "line 2: topic is 5; write it as text"),
        ({"channel": "ad", "topic": "x", "facts": {"a": 1}}, "line 2: facts is not a list of texts"),
    ],
)
def test_a_wrong_line_is_named_with_its_field(write, tmp_path, row, reason):
    with pytest.raises(CommandError, match=r"briefs\.jsonl, " + reason):
        write("--base", rows=[BRIEFS[0], row])
    assert not (tmp_path / "copy.jsonl").exists()


def test_what_cannot_be_read_or_written_is_said_at_once(write, tmp_path):
    with pytest.raises(CommandError, match="holds no briefs"):
        write("--base", rows=[])
    with pytest.raises(CommandError, match="--version goes with --voice"):
        write("--base", "--version=2")
    with pytest.raises(CommandError, match="temperature is -1.0; use 0 to 10"):
        write("--base", temperature=-1.0)
    with pytest.raises(CommandError, match="gone.jsonl: cannot be read"):
        call_command("write", "--base", briefs=tmp_path / "gone.jsonl", out=tmp_path / "out.jsonl")
    with pytest.raises(CommandError, match="no such folder. Choose another file"):
        call_command("write", "--base", briefs=tmp_path / "briefs.jsonl", out=tmp_path / "no" / "out.jsonl")
    with pytest.raises(CommandError, match="a folder. Choose another file"):
        call_command("write", "--base", briefs=tmp_path / "briefs.jsonl", out=tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["briefs.jsonl"]


@pytest.mark.skipif(not tiny.STORIES.exists(), reason="the real base model lies in shared/, which is not here")
def test_a_base_model_of_ones_own_writes(write, settings):
    settings.BASE_MODEL = str(tiny.STORIES)
    [row] = write("--base", rows=BRIEFS[:1])
    assert row["version"] == str(tiny.STORIES) and len(row["output"].split()) > 20
