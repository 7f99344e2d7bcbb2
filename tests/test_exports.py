"""A voice's data as JSON lines: from the page and from the command line, for `datasets` and TRL as it is."""

import csv
import io
import json
import os

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.judged import score
from training.models import Preference


@pytest.fixture
def judged(voice, make_pair, make_brief, make_sample, base_version, first_version, cora):
    """Two pairs, three preferences and three scores; one of each is simulated or without words."""
    make_pair("rye bread", output="Rye, warm at four – „come“ & taste.\u2028Bring a bag.")
    make_pair("a bun", output="A bun\n\n- for £2\n- or two")
    make_pair("a mere proposal", status="proposed")
    brief = make_brief("a plait", split="train")
    choice = {"voice": voice, "brief": brief, "strength": 1.0, "chosen": "Plaits!", "source": "comparison"}
    Preference.objects.create(**choice, rejected="We are pleased.", provenance="a")
    Preference.objects.create(**choice, rejected=" ", provenance="b")
    Preference.objects.create(**choice, rejected="Dear all,", provenance="c", origin="simulated")
    score(make_sample(first_version, brief, "Plaits, ahoy."), cora, 5)
    score(make_sample(base_version, brief, "We are pleased."), cora, 2, overall=2)
    score(make_sample(first_version, text="Simulated."), cora, 5, origin="simulated")
    return voice


COLUMNS = {
    "pairs": {"prompt", "completion"},
    "preferences": {"prompt", "chosen", "rejected"},
    "scores": {"prompt", "completion", "label"},
}
ROWS = {"pairs": 2, "preferences": 1, "scores": 2}


@pytest.mark.parametrize("kind", COLUMNS)
def test_datasets_loads_an_export_as_it_is(judged, kind, tmp_path, capsys, client, anna):
    import datasets

    path = tmp_path / f"{kind}.jsonl"
    call_command("export", "bakery/house", str(path), format=kind)
    assert f"{ROWS[kind]} {kind} of House voice" in capsys.readouterr().out
    loaded = datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    assert loaded.to_list() == rows and len(rows) == ROWS[kind]
    assert set(rows[0]) >= COLUMNS[kind] | {"split", "origin", "id"}
    assert all(row["prompt"].endswith("\n\nCopy:\n") for row in rows)
    client.force_login(anna)
    answer = client.get(reverse("export", args=["bakery", "house", kind]))
    assert b"".join(answer.streaming_content) == path.read_bytes()
    assert answer["Content-Disposition"] == f'attachment; filename="house-{kind}.jsonl"'


def test_a_score_is_a_label_for_kto(judged, tmp_path):
    call_command("export", "house", str(tmp_path / "scores.jsonl"), format="scores")
    rows = [json.loads(line) for line in (tmp_path / "scores.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["completion"]: row["label"] for row in rows} == {"Plaits, ahoy.": True, "We are pleased.": False}


def test_more_rows_cost_no_more_queries(judged, make_pair, django_assert_num_queries):
    from reviews import exports

    for number in range(5):
        make_pair(f"loaf number {number}")
    with django_assert_num_queries(1):
        assert b"".join(exports.pieces(judged, exports.Choice("pairs"))).count(b"\n") == 7


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("pairs", "There are no validated pairs yet. Accept some first."),
        ("preferences", "There are no preferences yet. Compare or edit some samples first."),
        ("scores", "There are no scores yet. Score some samples first."),
    ],
)
def test_nothing_yet_is_said_and_no_empty_file_is_written(voice, kind, sentence, tmp_path, client, ada):
    path = tmp_path / "out.jsonl"
    path.write_text("before")
    with pytest.raises(CommandError, match=f"House voice: {sentence}"):
        call_command("export", "house", str(path), format=kind)
    assert path.read_text() == "before" and [file.name for file in tmp_path.iterdir()] == ["out.jsonl"]
    client.force_login(ada)
    where = reverse("export", args=["bakery", "house", kind])
    answer = client.get(where)
    assert answer.status_code == 404 and sentence in answer.text and "Content-Disposition" not in answer
    overview = client.get(reverse("voice", args=["bakery", "house"])).text
    assert sentence in overview and where not in overview


def test_who_may_download_finds_it_on_the_overview(judged, client, ada, cora, anna):
    client.force_login(ada)
    page = client.get(reverse("voice", args=["bakery", "house"])).text
    for kind, rows in ROWS.items():
        assert f'href="{reverse("export", args=["bakery", "house", kind])}">{rows} {kind}</a>' in page
    client.force_login(cora)
    assert "/export/" not in client.get(reverse("voice", args=["bakery", "house"])).text


def test_pairs_are_offered_once_there_are_any(voice, client, anna, make_pair):
    client.force_login(anna)
    where = reverse("pairs", args=["bakery", "house"])
    assert "Download" not in client.get(where).text
    make_pair("rye bread")
    assert "Download validated pairs" in client.get(where).text


def test_an_export_goes_through_links_and_pipes(judged, tmp_path, capsys):
    (tmp_path / "real.jsonl").write_text("before")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    call_command("export", "house", str(tmp_path / "link.jsonl"))
    assert (tmp_path / "link.jsonl").is_symlink() and (tmp_path / "real.jsonl").read_text().count("\n") == 2
    capsys.readouterr()
    read, write = os.pipe()
    call_command("export", "house", f"/dev/fd/{write}")
    os.close(write)
    with open(read) as pipe:
        assert pipe.read() == (tmp_path / "real.jsonl").read_text() and capsys.readouterr().out == ""


def test_an_export_that_cannot_be_written_leaves_nothing(judged, tmp_path):
    with pytest.raises(CommandError, match="no such folder. Choose another file"):
        call_command("export", "house", str(tmp_path / "nowhere" / "pairs.jsonl"))
    with pytest.raises(CommandError, match="a folder. Choose another file"):
        call_command("export", "house", str(tmp_path))
    assert list(tmp_path.iterdir()) == [] and not list(tmp_path.parent.glob("*.part"))


def test_an_export_that_fails_half_way_keeps_the_file_that_was_there(judged, tmp_path, monkeypatch):
    from reviews import exports

    path = tmp_path / "pairs.jsonl"
    path.write_text("before")

    def break_off(voice, choice):
        yield b'{"prompt": "a"}\n'
        raise KeyboardInterrupt

    monkeypatch.setattr(exports, "pieces", break_off)
    with pytest.raises(KeyboardInterrupt):
        call_command("export", "house", str(path))
    assert [file.name for file in tmp_path.iterdir()] == ["pairs.jsonl"] and path.read_text() == "before"


SHAPED = [
    ("pairs", "messages", {"messages"}),
    ("pairs", "alpaca", {"instruction", "input", "output"}),
    ("pairs", "unpaired", {"prompt", "completion", "label"}),
    ("preferences", "messages", {"prompt", "chosen", "rejected"}),
    ("scores", "messages", {"prompt", "completion", "label"}),
]


@pytest.mark.parametrize(("kind", "shape", "columns"), SHAPED)
@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_every_shape_loads_as_it_is(judged, kind, shape, columns, ending, tmp_path):
    import datasets

    path = tmp_path / f"out.{ending}"
    call_command("export", "bakery/house", str(path), format=kind, shape=shape)
    builder = "json" if ending == "jsonl" else "parquet"
    loaded = datasets.load_dataset(builder, data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
    assert set(loaded.column_names) >= columns | {"split", "id", "voicelab"} and len(loaded) == ROWS[kind]
    assert all(value is not None for row in loaded for value in row.values())


def test_a_late_fact_is_of_the_type_of_the_many_rows_without_one_before_it(voice, make_pair, make_brief, tmp_path):
    """`datasets` infers the types of a file from its first ten megabytes."""
    import datasets

    from training.models import Brief, Pair

    for number in range(60):
        make_pair(f"loaf {number}", output="x" * 200_000)
    Brief.objects.update(facts=[])
    pair = Pair.objects.order_by("created_at").last()
    Brief.objects.filter(pk=pair.brief_id).update(facts=["Price: £3.50"])
    Pair.objects.filter(pk=pair.pk).update(extra={"team": "north"})
    path = tmp_path / "out.jsonl"
    call_command("export", "house", str(path))
    loaded = datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
    assert json.loads(loaded[59]["facts"]) == ["Price: £3.50"] and json.loads(loaded[59]["extra"]) == {"team": "north"}


def test_a_spreadsheet_runs_no_cell_of_a_csv(judged, make_pair, client, ada):
    make_pair("=cmd()", output="=HYPERLINK(1)", reject_reason="@x", status="rejected")
    make_pair("a late bun", output="-10 % on buns")
    client.force_login(ada)
    where = reverse("export", args=["bakery", "house", "pairs"])
    answer = client.get(where, {"file": "csv", "status": ["validated", "rejected"]})
    text = b"".join(answer.streaming_content).decode()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert answer["Content-Type"] == "text/csv; charset=utf-8" and "'=HYPERLINK(1)" in cells and "'@x" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_rows_are_chosen_by_status_and_split(judged, make_pair, tmp_path):
    make_pair("dull", status="rejected", split="validation")
    make_pair("tested", split="test")

    def topics(*arguments):
        call_command("export", "house", str(tmp_path / "out.jsonl"), *arguments)
        rows = (tmp_path / "out.jsonl").read_text(encoding="utf-8").split("\n")
        return [json.loads(row)["topic"] for row in rows if row]

    assert topics() == ["rye bread", "a bun", "tested"]
    assert topics("--split", "train", "validation") == ["rye bread", "a bun"]
    assert topics("--status", "proposed", "rejected") == ["a mere proposal", "dull"]
    assert topics("--shape", "unpaired", "--split", "validation") == ["dull"]


def test_a_pair_of_a_test_brief_says_so(make_pair, tmp_path):
    make_pair("tested", split="test")
    call_command("export", "house", str(tmp_path / "out.jsonl"))
    row = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert row["split"] == "test" and row["frozen"] is True


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"shape": "poem"}, "Select a valid choice. poem is not one of"),
        ({"shape": "messages", "file": "csv"}, "csv is no file for messages of pairs. Choose one of: jsonl, parquet."),
        ({"status": "great"}, "Select a valid choice. great"),
    ],
)
def test_a_choice_that_there_is_not_is_answered_in_words(judged, client, ada, query, sentence):
    client.force_login(ada)
    answer = client.get(reverse("export", args=["bakery", "house", "pairs"]), query)
    assert answer.status_code == 422 and sentence in answer.text and "Content-Disposition" not in answer


def test_a_command_s_choice_that_there_is_not_writes_nothing(judged, tmp_path):
    with pytest.raises(CommandError, match="messages is no shape for pairs|csv is no file for messages of pairs"):
        call_command("export", "house", str(tmp_path / "out.csv"), shape="messages")
    with pytest.raises(CommandError, match="alpaca is no shape for preferences. Choose one of: prompt, messages"):
        call_command("export", "house", str(tmp_path / "out.jsonl"), format="preferences", shape="alpaca")
    assert list(tmp_path.iterdir()) == []
