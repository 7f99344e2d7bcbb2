"""Data sets in: what VoiceLab wrote comes back whole, what others wrote becomes pairs, none trains by surprise."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviews import exports
from reviews.models import LogEntry
from tests.test_formats import BRIEFS, TEXT
from training import exchange
from training.corpus.formats.detect import mapping_of
from training.corpus.formats.reading import rows_of
from training.examining import digest_of, rows_in, sampled
from training.exchange import How, bring_in, bring_in_file
from training.models import Brief, DataSet, Pair, Preference, Source, Voice
from training.models.corpus import Split

PLAIN = {"prompt": "Write a post about rye", "completion": "Rye, warm at nine."}


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def bring(voice, raw, name="rows.jsonl", *, trust=False, channel="blog", user=None):
    """As `bring_in_file` does it, but read in this process: a child for each of hypothesis's examples takes minutes."""
    _, found = rows_of(io.BytesIO(raw))
    shape, sample, every = sampled(found)
    rows = rows_in(every, shape, mapping_of(shape, sample), channel)
    return bring_in(voice, rows, How(digest_of(io.BytesIO(raw)), name, trust=trust, user=user))


def exported(voice, kind="pairs", shape="prompt", container="jsonl"):
    everything = {"statuses": Pair.Status.values, "splits": Split.values}
    return b"".join(exports.pieces(voice, exports.Choice(kind, shape, container, **everything)))


@pytest.fixture
def other(bakery):
    return Voice.objects.create(client=bakery, slug="empty", name="Empty voice")


PAIRS = st.lists(
    st.fixed_dictionaries(
        {
            "brief": BRIEFS,
            "split": st.sampled_from(Split.values),
            "output": TEXT.filter(str.strip),
            "status": st.sampled_from(Pair.Status.values),
            "made": st.sampled_from(["import", "written", "edit", "score", "demo"]),
            "origin": st.sampled_from(["human", "demo"]),
            "revision": st.integers(1, 9),
            "reject_reason": st.one_of(st.just(""), TEXT),
            "extra": st.dictionaries(
                TEXT, st.one_of(TEXT, st.integers(-9, 9), st.booleans(), st.lists(TEXT, min_size=1)), max_size=2
            ),
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row["brief"].digest(),
)
SHAPES = [(shape, container) for shape in ("prompt", "messages", "alpaca") for container in ("jsonl", "csv", "parquet")]
SHAPES.remove(("messages", "csv"))


@pytest.mark.parametrize(("shape", "container"), SHAPES)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=PAIRS)
def test_pairs_that_went_out_come_back_with_every_field(shape, container, rows, voice, other, anna):
    for each in (voice, other):
        each.pairs.all().delete()
        each.briefs.all().delete()
    for row in rows:
        fields = dict(row)
        content, split = fields.pop("brief"), fields.pop("split")
        brief = Brief.objects.create(
            voice=voice, digest=content.digest(), split=split, is_frozen=split == "test", **content.as_dict()
        )
        fields["extra"] = {name: value for name, value in fields["extra"].items() if name not in ("source", "licence")}
        Pair.answering(brief, fields.pop("output"), voice=voice, **fields).save()
    raw = exported(voice, shape=shape, container=container)
    voice.pairs.all().delete()
    voice.briefs.all().delete()
    outcome = bring(other, raw, trust=True, user=anna)
    assert (outcome.pairs, outcome.here, outcome.refused) == (len(rows), 0, 0), outcome.reasons
    back = exported(other, shape=shape, container=container)
    assert (
        sorted(back.splitlines()) == sorted(raw.splitlines()) if container == "jsonl" else as_rows(back) == as_rows(raw)
    )
    again = bring(other, raw, trust=True, user=anna)
    assert (again.pairs, again.here) == (0, len(rows))


def as_rows(raw):
    return sorted((json.dumps(row, sort_keys=True) for _, row in rows_of(io.BytesIO(raw))[1]))


@pytest.mark.parametrize(
    ("shape", "container"), [("prompt", "jsonl"), ("prompt", "csv"), ("prompt", "parquet"), ("messages", "jsonl")]
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    content=BRIEFS,
    split=st.sampled_from(Split.values),
    texts=st.tuples(TEXT.filter(str.strip), TEXT.filter(str.strip)).filter(lambda both: both[0] != both[1]),
    strength=st.floats(0.01, 1),
    source=st.sampled_from(Preference.Source.values),
)
def test_preferences_come_back_with_every_field(
    shape, container, content, split, texts, strength, source, voice, other, anna
):
    for each in (voice, other):
        each.preferences.all().delete()
        each.briefs.all().delete()
    brief = Brief.objects.create(voice=voice, digest=content.digest(), split=split, **content.as_dict())
    chosen, rejected = texts
    fields = {"chosen": chosen, "rejected": rejected, "strength": strength, "source": source, "provenance": "edit:1"}
    Preference.objects.create(voice=voice, brief=brief, **fields)
    raw = exported(voice, "preferences", shape, container)
    voice.preferences.all().delete()
    voice.briefs.all().delete()
    assert bring(other, raw, user=anna).preferences == 1
    assert as_rows(exported(other, "preferences", shape, container)) == as_rows(raw)
    assert bring(other, raw, user=anna).here == 1


def test_a_copy_beside_the_original_gets_keys_of_its_own_and_remembers_the_old_ones(voice, other, make_pair, anna):
    first, second = make_pair("rye bread"), make_pair("a bun", status="rejected", reject_reason="dull")
    raw = exported(voice)
    assert bring(other, raw, trust=True, user=anna).pairs == 2
    copies = {pair.brief.topic: pair for pair in other.pairs.select_related("brief")}
    assert copies["rye bread"].status == "validated" and copies["a bun"].reject_reason == "dull"
    assert copies["rye bread"].pk != first.pk and copies["rye bread"].extra["id"] == str(first.pk)
    assert copies["a bun"].extra["lineage"] == str(second.lineage)
    assert bring(other, raw, trust=True, user=anna).here == bring(voice, raw, trust=True, user=anna).here == 2
    assert voice.pairs.count() == other.pairs.count() == 2


def test_a_pair_that_was_mended_since_stays_as_it_is(voice, make_pair, anna):
    pair = make_pair("rye bread")
    raw = exported(voice)
    Pair.objects.filter(pk=pair.pk).update(is_current=False)
    Pair.answering(pair.brief, "Better.", voice=voice, lineage=pair.lineage, revision=2, status="validated").save()
    assert bring(voice, raw, trust=True, user=anna).here == 1
    assert voice.pairs.current().get().output == "Better."


def test_the_source_and_licence_of_a_pair_travel_with_it(voice, other, make_pair, anna):
    source = Source.objects.create(
        voice=voice, name="menu.docx", kind="docx", sha256="1" * 64, raw=b"x", licence="ours"
    )
    make_pair("rye bread", passage=source.passages.create(position=0, original="x", text="x"))
    raw = exported(voice)
    bring(other, raw, trust=True, user=anna)
    row = json.loads(exported(other))
    assert (
        (row["source"], row["licence"])
        == ("menu.docx", "ours")
        == tuple(json.loads(raw)[name] for name in ("source", "licence"))
    )


def test_what_others_wrote_is_proposed_whatever_it_says_unless_it_is_trusted(voice, anna):
    rows = lines(
        {**PLAIN, "status": "validated"},
        {"prompt": "Write an ad about buns", "completion": "Buns!", "status": "rejected"},
        {"prompt": "Write an ad about tea", "completion": "Tea!"},
    )
    bring(voice, rows)
    assert sorted(voice.pairs.values_list("output", "status")) == [
        ("Buns!", "rejected"),
        ("Rye, warm at nine.", "proposed"),
        ("Tea!", "proposed"),
    ]
    voice.pairs.all().delete()
    bring(voice, rows, trust=True, user=anna)
    pair = voice.pairs.get(output="Rye, warm at nine.")
    assert pair.status == "validated" and pair.decided_by == anna and pair.decided_at
    assert voice.pairs.get(output="Tea!").status == "proposed"


def test_a_label_that_says_no_rejects_and_one_that_says_yes_proposes(voice):
    rows = lines({**PLAIN, "label": True}, {"prompt": "Write an ad about buns", "completion": "BUY.", "label": False})
    bring(voice, rows, "kto.jsonl")
    no = voice.pairs.get(output="BUY.")
    assert (no.status, no.reject_reason) == ("rejected", "Marked as not wanted in kto.jsonl.")
    assert voice.pairs.get(output=PLAIN["completion"]).status == "proposed"


def test_a_row_marked_test_stays_test_and_is_never_trained_on(voice, make_brief):
    from training.corpus.brief import Brief as Content

    known = Content("blog", "rye")
    Brief.objects.create(voice=voice, digest=known.digest(), split="train", **known.as_dict())
    own = {"channel": "blog", "completion": "Copy."}
    outcome = bring(
        voice,
        lines(
            {**own, "topic": "rye", "split": "test"},
            {**own, "topic": "buns", "split": "test"},
            {**own, "topic": "tea", "split": "train"},
            {**own, "topic": "tea", "split": "dev", "completion": "Other copy."},
        ),
    )
    assert outcome.pairs == 3 and outcome.reasons[0][:2] == [1, "split"]
    assert "it would be trained on" in outcome.reasons[0][2]
    splits = dict(voice.briefs.values_list("topic", "split"))
    assert splits == {"rye": "train", "buns": "test", "tea": "validation"}


def test_the_same_file_twice_and_the_same_rows_in_another_file_add_nothing(voice):
    raw = lines(PLAIN, {"prompt": "Write an ad about buns", "chosen": "Buns!", "rejected": "We sell buns."})
    raw_pairs, raw_choices = raw.splitlines(keepends=True)
    for part, kind in ((raw_pairs, "pairs"), (raw_choices, "preferences")):
        first = bring(voice, part)
        assert getattr(first, kind) == 1
        for again in (part, part + b"\n"):
            outcome = bring(voice, again)
            assert (outcome.pairs, outcome.preferences, outcome.here) == (0, 0, 1)
    assert voice.pairs.count() == voice.preferences.count() == 1
    choice = voice.preferences.get()
    assert choice.source == "import" and choice.strength == 1.0
    assert choice.provenance == f"import:{voice.pk}:{digest_of(io.BytesIO(raw_choices))[:40]}:1"


def test_the_same_file_comes_into_two_voices(voice, other):
    assert bring(voice, lines(PLAIN)).pairs == bring(other, lines(PLAIN)).pairs == 1


def test_a_prompt_of_ours_becomes_its_brief_to_the_letter(voice, make_brief):
    brief = make_brief("rye bread", split="validation")
    bring(voice, lines({"prompt": brief.prompt(), "completion": "Rye."}))
    pair = voice.pairs.get()
    assert pair.brief == brief and pair.extra == {}


def test_a_foreign_prompt_stays_whole_beside_the_pair_and_goes_out_again(voice):
    prompt = "Write a post about " + "rye and more rye " * 40
    bring(voice, lines({"prompt": prompt, "completion": "Rye.", "team": "north"}))
    pair = voice.pairs.get()
    assert pair.brief.topic.endswith("…") and pair.extra == {"prompt": prompt, "team": "north"}
    assert json.loads(json.loads(exported(voice))["extra"]) == pair.extra


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "7"}, "id"),
        ({"origin": "simulated"}, "origin"),
        ({"made": "magic"}, "made"),
        ({"status": "great"}, "status"),
        ({"revision": 0}, "revision"),
        ({"revision": "many"}, "revision"),
        ({"split": "holdout"}, "split"),
        ({"facts": "no list"}, "facts and extra"),
        ({"extra": "[1]"}, "extra"),
        ({"completion": ""}, "completion"),
        ({"voicelab": "pair 9"}, "voicelab"),
        ({"channel": "fax"}, "channel"),
        ({"reject_reason": "x" * 301}, "reject_reason"),
    ],
)
def test_a_row_of_ours_that_somebody_broke_is_refused_by_its_field(voice, other, make_pair, anna, change, field):
    make_pair("rye bread")
    row = json.loads(exported(voice))
    outcome = bring(other, lines({**row, **change}), trust=True, user=anna)
    assert (outcome.pairs, outcome.refused) == (0, 1) and outcome.reasons[0][:2] == [1, field]


def test_what_stops_an_import_leaves_whole_batches_and_the_next_one_goes_on(voice, monkeypatch):
    monkeypatch.setattr(exchange, "AT_ONCE", 2)
    raw = lines(*({"prompt": f"Write an ad about bun {n}", "completion": f"Bun {n}!"} for n in range(5)))
    whole = Pair.objects.bulk_create

    def fail_once(rows, **options):
        if any(pair.output == "Bun 3!" for pair in rows):
            raise KeyboardInterrupt
        return whole(rows, **options)

    monkeypatch.setattr(Pair.objects, "bulk_create", fail_once)
    with pytest.raises(KeyboardInterrupt):
        bring(voice, raw)
    assert voice.pairs.count() == 2
    monkeypatch.undo()
    outcome = bring(voice, raw)
    assert (outcome.pairs, outcome.here) == (3, 2) and voice.pairs.count() == 5


def test_more_rows_cost_no_more_queries(voice, django_assert_max_num_queries):
    rows = lines(*({"prompt": f"Write an ad about bun {n}", "completion": f"Bun {n}!"} for n in range(200)))
    with django_assert_max_num_queries(16):
        assert bring(voice, rows).pairs == 200


def test_scores_come_back_as_labelled_pairs_and_count_in_no_figure(voice, other, first_version, make_sample, cora):
    from reviews.models import Score
    from tests.judged import score

    score(make_sample(first_version, text="Rye!"), cora, 5)
    score(make_sample(first_version, text="We are pleased."), cora, 2, overall=2)
    raw = b"".join(exports.pieces(voice, exports.Choice("scores")))
    assert bring(other, raw, trust=True).pairs == 2
    assert set(other.pairs.values_list("output", "status", "made", "brief__split")) == {
        ("Rye!", "proposed", "score", "test"),
        ("We are pleased.", "rejected", "score", "test"),
    }
    assert other.pairs.get(output="Rye!").extra["brand_voice"] == 5 and Score.objects.count() == 2
    assert bring(other, raw).here == 2


# The command


def test_a_file_comes_in_by_command_and_the_log_tells_of_it(voice, tmp_path, capsys):
    file = tmp_path / "pairs.jsonl"
    file.write_bytes(lines(PLAIN, {"prompt": "x", "completion": ""}))
    call_command("import_data", "bakery/house", str(file), "--check")
    assert not voice.pairs.exists() and not voice.data_sets.exists()
    call_command("import_data", "bakery/house", str(file), licence="ours")
    out, err = capsys.readouterr()
    assert "pairs.jsonl: Prompt and completion (JSON lines): 1 pairs, 0 preferences, 1 rows refused." in out
    assert "House voice: 1 pairs and 0 preferences imported, 0 here already, 1 refused." in out
    assert "pairs.jsonl: row 2: completion: it is empty." in err
    assert voice.pairs.get().extra["licence"] == "ours"
    entry = LogEntry.objects.get(action="data.imported")
    assert entry.data["pairs"] == 1 and entry.who == "Command line"
    assert DataSet.objects.get().outcome["refused"] == 1
    call_command("import_data", "bakery/house", str(file))
    assert "0 pairs and 0 preferences imported, 1 here already" in capsys.readouterr().out


def test_the_command_takes_a_mapping_and_says_what_it_cannot_do(voice, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("a,b\nA post about rye,Rye is back.\n")
    call_command("import_data", "house", str(file), "--map", "prompt=a", "completion=b")
    assert voice.pairs.get().brief.topic == "A post about rye"
    with pytest.raises(CommandError, match="--map taste: write ROLE=COLUMN"):
        call_command("import_data", "house", str(file), "--map", "taste=a")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_data", "house", str(tmp_path / "none.jsonl"))
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(CommandError, match="it is empty"):
        call_command("import_data", "house", str(tmp_path / "empty.jsonl"))
    (tmp_path / "bad.jsonl").write_bytes(lines({"prompt": "x", "completion": ""}, {"prompt": "y", "completion": ""}))
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_data", "house", str(tmp_path / "bad.jsonl"))


def test_real_instructions_of_others_come_in(voice, tmp_path):
    folder = Path(__file__).resolve().parents[2] / "shared" / "data" / "instructions"
    if not folder.is_dir():
        pytest.skip("the shared data is not here")
    brought = 0
    for file in sorted(folder.rglob("*.jsonl")):
        with file.open("rb") as raw:
            outcome = bring_in_file(voice, raw, How(digest_of(raw), file.name), "blog")
        brought += outcome.pairs
    assert brought > 0
