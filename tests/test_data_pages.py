"""Data in and out in the browser's requests: look first, say which column is what, import once."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reviews.models import LogEntry
from tests.imported import bring_in
from training.corpus.formats.files import written
from training.models import DataSet, Pair

PLACE = ["bakery", "house"]
ROWS = [
    {"prompt": "Write a post about rye", "completion": "Rye, warm at nine.", "status": "validated", "team": "north"},
    {"prompt": "Write an ad about buns", "completion": "Buns!"},
    {"prompt": "Write an ad about tea", "completion": ""},
]


def upload(client, rows=ROWS, name="rows.jsonl", raw=None, **fields):
    raw = raw if raw is not None else "".join(json.dumps(row) + "\n" for row in rows).encode()
    file = SimpleUploadedFile(name, raw)
    return client.post(reverse("data", args=PLACE), {"file": file, "channel": "blog", **fields}, follow=True)


@pytest.fixture
def annotator(client, voice, anna):
    client.force_login(anna)
    return client


def test_a_data_set_is_shown_before_anything_is_written(annotator, voice):
    page = upload(annotator)
    assert page.status_code == 200 and "2 pairs can come in" in page.text
    assert "Prompt and completion (JSON lines)" in page.text and "1 row would be refused" in page.text
    assert "Rye, warm at nine." in page.text and "Take over what the file says is validated (1)" in page.text
    assert "it is empty." in page.text and "team" in page.text
    assert not Pair.objects.exists() and not LogEntry.objects.exists()


def test_importing_it_proposes_its_rows_and_a_second_click_adds_nothing(annotator, voice, anna):
    upload(annotator, licence="ours")
    where = reverse("data_set", args=[*PLACE, DataSet.objects.get().pk])
    annotator.post(where, {"wish": "import"})
    bring_in()
    assert "2 pairs came in" in annotator.get(where).text
    assert set(voice.pairs.values_list("status", flat=True)) == {"proposed"}
    assert voice.pairs.get(output="Buns!").extra["licence"] == "ours"
    kept = DataSet.objects.get()
    assert kept.imported_at and bytes(kept.raw) == b"" and kept.outcome["refused"] == 1
    entry = LogEntry.objects.get(action="data.imported")
    assert entry.user == anna and entry.data["file"] == "rows.jsonl" and entry.data["trusted"] is False
    page = annotator.post(where, {"wish": "import"}, follow=True)
    bring_in()
    assert "Somebody was quicker" in page.text and voice.pairs.count() == 2
    assert "row,field,reason\r\n3,completion,it is empty." in annotator.get(where, {"format": "csv"}).text


def test_trusting_it_validates_what_it_says_is_validated(annotator, voice, anna):
    upload(annotator)
    where = reverse("data_set", args=[*PLACE, DataSet.objects.get().pk])
    annotator.post(where, {"wish": "import", "trust": "on"})
    bring_in()
    assert dict(voice.pairs.values_list("output", "status")) == {
        "Rye, warm at nine.": "validated",
        "Buns!": "proposed",
    }
    assert voice.pairs.validated().get().decided_by == anna


def test_which_column_is_what_can_be_said_otherwise(annotator, voice):
    rows = [{"headline": "A caption about rye", "words": "Rye is back, and warm."}]
    upload(annotator, rows)
    where = reverse("data_set", args=[*PLACE, DataSet.objects.get().pk])
    page = annotator.post(
        where, {"wish": "read", "otherwise": "social", "prompt": "headline", "completion": "words"}, follow=True
    )
    assert "1 pair can come in" in page.text
    again = annotator.post(where, {"wish": "read", "otherwise": "social", "prompt": "taste"})
    assert again.status_code == 422 and "Select a valid choice" in again.text
    annotator.post(where, {"wish": "import"})
    bring_in()
    pair = voice.pairs.get()
    assert (pair.brief.channel, pair.brief.topic, pair.output) == ("social", "A caption about rye", rows[0]["words"])


def test_a_data_set_can_be_sent_away(annotator, voice):
    upload(annotator)
    page = annotator.post(reverse("data_set", args=[*PLACE, DataSet.objects.get().pk]), {"wish": "remove"}, follow=True)
    assert "rows.jsonl is removed." in page.text and not DataSet.objects.exists()


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "This file is empty."),
        (b"PAR1 no", "rows.jsonl: it is damaged Parquet"),
        (b"only words\n", "rows.jsonl: it has no rows."),
    ],
)
def test_a_file_that_is_no_data_set_is_answered_in_words(annotator, raw, sentence):
    page = upload(annotator, raw=raw)
    assert page.status_code == 422 and sentence in page.text and not DataSet.objects.exists()


def test_a_file_that_is_too_large_names_the_command(annotator, monkeypatch):
    monkeypatch.setattr("reviews.forms_data.MAXIMUM_BYTES", 10)
    assert "manage.py import_data, or split it" in upload(annotator).text


def test_a_name_with_characters_that_are_no_text_is_taken(annotator):
    assert upload(annotator, name="a\0b.jsonl").status_code == 200


def test_the_same_bytes_are_one_data_set_and_may_come_in_again(annotator, voice):
    for _ in range(2):
        upload(annotator)
        annotator.post(reverse("data_set", args=[*PLACE, DataSet.objects.get().pk]), {"wish": "import"})
        bring_in()
    assert DataSet.objects.count() == 1 and voice.pairs.count() == 2
    assert DataSet.objects.get().outcome["here"] == 2
    voice.pairs.all().delete()
    upload(annotator)
    annotator.post(reverse("data_set", args=[*PLACE, DataSet.objects.get().pk]), {"wish": "import"})
    bring_in()
    assert voice.pairs.count() == 2


def test_a_parquet_file_comes_in_through_the_page(annotator, voice):
    raw = b"".join(
        written([{"prompt": "x", "completion": "Rye."}], {"prompt": "text", "completion": "text"}, "parquet")
    )
    upload(annotator, raw=raw, name="rows.parquet")
    annotator.post(reverse("data_set", args=[*PLACE, DataSet.objects.get().pk]), {"wish": "import"})
    bring_in()
    assert voice.pairs.get().output == "Rye."


def test_data_sets_are_listed_searched_and_downloaded(annotator, voice, django_assert_max_num_queries):
    where = reverse("data", args=PLACE)
    assert "No data set was brought yet." in annotator.get(where).text
    for name in ("rye.jsonl", "=buns.jsonl"):
        upload(annotator, [{"prompt": name, "completion": f"About {name}"}], name)
    page = annotator.get(where, {"q": "rye"})
    assert "rye.jsonl" in page.text and "buns.jsonl" not in page.text
    assert "No data set is called “tea”" in annotator.get(where, {"q": "tea\0"}).text
    table = annotator.get(where, {"format": "csv"}).text
    assert "rye.jsonl,Prompt and completion,Waits for you,1,0,0" in table and "'=buns.jsonl" in table
    with django_assert_max_num_queries(20):
        annotator.get(where)


def test_who_may_only_download_sees_no_import(client, voice, ada, make_pair):
    make_pair("rye bread")
    client.force_login(ada)
    page = client.get(reverse("data", args=PLACE))
    assert "1 validated pairs" in page.text and "Import a data set" not in page.text and "Corpus" not in page.text
    assert upload(client).status_code == 403 and not DataSet.objects.exists()


def test_the_page_s_form_downloads_what_it_says(client, voice, ada, make_pair):
    make_pair("rye bread")
    client.force_login(ada)
    answer = client.get(
        reverse("export", args=[*PLACE, "pairs"]),
        {"shape": "messages", "file": "parquet", "status": "validated", "split": ["train", "validation", "test"]},
    )
    assert answer["Content-Disposition"] == 'attachment; filename="house-pairs-messages.parquet"'
    from training.corpus.formats.reading import rows_of

    ((_, row),) = rows_of(io.BytesIO(b"".join(answer.streaming_content)))[1]
    assert [turn["role"] for turn in row["messages"]] == ["user", "assistant"]
    nothing = client.get(reverse("export", args=[*PLACE, "pairs"]), {"split": "validation"})
    assert nothing.status_code == 404 and "No pairs match what was chosen." in nothing.text
