import json
import random
from dataclasses import replace

import pytest

from training.corpus.snapshot import (
    PreferenceRow,
    SnapshotError,
    SnapshotRows,
    SupervisedRow,
    read_jsonl,
    read_snapshot,
    write_snapshot,
)

ROWS = SnapshotRows(
    supervised_train=[SupervisedRow(str(n), f"Brief {n}\n", f"Copy {n} “é” \u2028 end") for n in range(5)],
    supervised_validation=[SupervisedRow("9", "Brief 9\n", "Copy 9")],
    preferences_train=[PreferenceRow("Brief 2\n", "a", "b"), PreferenceRow("Brief 1\n", "better", "worse", 0.5)],
    preferences_validation=[PreferenceRow("Brief 9\n", "better", "worse")],
)


def test_a_snapshot_is_a_folder_named_by_its_digest_with_rows_in_trls_shapes(tmp_path):
    snapshot = write_snapshot(tmp_path, ROWS)
    assert snapshot.path == tmp_path / snapshot.digest
    assert snapshot.counts == {
        "supervised_train": 5,
        "supervised_validation": 1,
        "preferences_train": 2,
        "preferences_validation": 1,
    }
    assert json.loads((snapshot.path / "snapshot.json").read_text())["digest"] == snapshot.digest
    supervised = read_jsonl(snapshot.path / "supervised_train.jsonl")
    assert supervised[0] == {"pair": "0", "prompt": "Brief 0\n", "completion": "Copy 0 “é” \u2028 end"}
    preferences = read_jsonl(snapshot.path / "preferences_train.jsonl")
    assert preferences[1] == {"prompt": "Brief 1\n", "chosen": "better", "rejected": "worse", "strength": 0.5}


def test_the_same_rows_give_the_same_snapshot_whatever_their_order(tmp_path):
    shuffled = list(ROWS.supervised_train)
    random.Random(1).shuffle(shuffled)
    assert shuffled != ROWS.supervised_train
    first, second = write_snapshot(tmp_path, ROWS), write_snapshot(tmp_path, replace(ROWS, supervised_train=shuffled))
    assert first == second
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "rows",
    [
        replace(ROWS, supervised_train=ROWS.supervised_train[1:]),
        replace(ROWS, preferences_train=[]),
        replace(ROWS, supervised_validation=[SupervisedRow("9", "Brief 9\n", "Copy 9.")]),
    ],
)
def test_other_rows_give_another_snapshot(rows, tmp_path):
    assert write_snapshot(tmp_path, rows).digest != write_snapshot(tmp_path, ROWS).digest


def test_a_snapshot_reads_back_as_it_was(tmp_path):
    snapshot = write_snapshot(tmp_path, ROWS)
    found, rows = read_snapshot(snapshot.path)
    assert found == snapshot
    assert rows == ROWS


@pytest.mark.parametrize(
    "leak",
    [
        replace(ROWS, supervised_validation=[SupervisedRow("9", "brief  3\n", "Copy")]),
        replace(ROWS, preferences_validation=[PreferenceRow("Brief 3\n", "a", "b")]),
    ],
)
def test_a_brief_in_both_splits_is_refused_by_name(leak, tmp_path):
    with pytest.raises(SnapshotError, match="The brief 'Brief 3' is in both the training and the validation rows"):
        write_snapshot(tmp_path, leak)
    assert list(tmp_path.iterdir()) == []


def test_changed_rows_are_noticed(tmp_path):
    snapshot = write_snapshot(tmp_path, ROWS)
    path = snapshot.path / "supervised_train.jsonl"
    path.write_text(path.read_text().replace("Copy 3", "Copy 33"))
    with pytest.raises(SnapshotError, match="are not those it was made of"):
        read_snapshot(snapshot.path)
    with pytest.raises(SnapshotError, match="are not those it was made of"):
        write_snapshot(tmp_path, ROWS)


def test_a_line_that_cannot_be_read_is_named_with_its_file(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": 1}\n\n{"a": \n')
    with pytest.raises(SnapshotError, match=r"rows\.jsonl, line 3 is not JSON"):
        read_jsonl(path)
    path.write_text('{"a": 1}\n[1]\n')
    with pytest.raises(SnapshotError, match=r"rows\.jsonl, line 2 is not a JSON object"):
        read_jsonl(path)
    path.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(SnapshotError, match=r"rows\.jsonl is not UTF-8"):
        read_jsonl(path)
    with pytest.raises(SnapshotError, match=r"other\.jsonl is missing"):
        read_jsonl(tmp_path / "other.jsonl")


def test_a_row_with_other_fields_is_named(tmp_path):
    snapshot = write_snapshot(tmp_path, ROWS)
    (snapshot.path / "preferences_validation.jsonl").write_text('{"prompt": "x", "chosen": "y"}\n')
    with pytest.raises(SnapshotError, match=r"preferences_validation\.jsonl, row 1 has other fields"):
        read_snapshot(snapshot.path)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SupervisedRow("3", "Brief", "  "), "Pair 3 has no text as its completion"),
        (lambda: SupervisedRow("3", "", "Copy"), "Pair 3 has no text as its prompt"),
        (lambda: SupervisedRow(3, "Brief", "Copy"), "A pair's id is 3; give it as text"),
        (lambda: SupervisedRow("3", "Brief", "Copy", 0.0), "Pair 3 has weight 0.0; use a number above 0"),
        (lambda: PreferenceRow("Brief", "same", "same"), "the same text as chosen and as rejected"),
        (lambda: PreferenceRow("Brief", "a", "b", 0.0), "strength 0.0; use a number above 0"),
    ],
)
def test_a_row_that_teaches_nothing_is_refused(make, message):
    with pytest.raises(SnapshotError, match=message):
        make()


def test_a_folder_that_is_no_snapshot_is_named(tmp_path):
    with pytest.raises(SnapshotError, match=r"it has no readable snapshot\.json"):
        read_snapshot(tmp_path)


def test_a_weight_is_kept_and_one_that_is_one_changes_no_digest(tmp_path):
    plain = SupervisedRow("1", "Brief\n", "Copy")
    heavy = replace(plain, weight=2.0)
    first = write_snapshot(tmp_path, SnapshotRows(supervised_train=[plain]))
    second = write_snapshot(tmp_path, SnapshotRows(supervised_train=[heavy]))
    assert "weight" not in (first.path / "supervised_train.jsonl").read_text()
    assert first.digest != second.digest
    assert read_snapshot(second.path)[1].supervised_train == [heavy]
