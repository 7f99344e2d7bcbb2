"""Shapes out and in without a database: files, whose they are, and what a row says."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.corpus.brief import CHANNELS, Brief
from training.corpus.formats.child import read_rows
from training.corpus.formats.columns import COLUMNS, MARK, as_json, mark
from training.corpus.formats.detect import SHAPES as THEIRS
from training.corpus.formats.detect import columns_of, detect, mapping_of
from training.corpus.formats.files import guarded, unguarded, written
from training.corpus.formats.incoming import RowError, incoming
from training.corpus.formats.prompts import brief_of_request, parse
from training.corpus.formats.reading import rows_of
from training.corpus.formats.shapes import SHAPES
from training.corpus.reading.document import ReadError

# Text as people and databases have it: no zero characters, no halves of surrogate pairs.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80)
WORDS = TEXT.filter(str.strip)
BRIEFS = st.builds(
    Brief,
    channel=st.sampled_from(list(CHANNELS)),
    topic=WORDS,
    facts=st.lists(TEXT, max_size=3).map(tuple),
    audience=st.one_of(st.just(""), TEXT),
    call_to_action=st.one_of(st.just(""), TEXT),
)
LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
)
TIDY = st.builds(
    Brief,
    channel=st.sampled_from(list(CHANNELS)),
    topic=LINE.map(lambda text: text.rstrip(". ")).filter(bool),
    facts=st.lists(LINE.filter(bool), max_size=3).map(tuple),
    audience=LINE,
    call_to_action=LINE,
)


def rows(raw):
    container, found = rows_of(io.BytesIO(raw))
    return container, list(found)


def come_in(objects, channel="blog", mapping=None):
    """What each row, as another tool wrote it, becomes; a refused one is its error's text."""
    shape = detect(objects)
    flat = [row for one in objects for row in THEIRS[shape].flat(one)]
    chosen = mapping_of(shape, flat) if mapping is None else mapping
    came = []
    for row in flat:
        try:
            came.append(incoming(row, chosen, channel))
        except RowError as error:
            came.append(str(error))
    return shape, came


@given(TIDY)
def test_every_prompt_reads_back_as_its_brief(brief):
    assert parse(brief.prompt()) == brief
    assert parse(brief.prompt().removesuffix("\n\nCopy:\n")) == brief


@given(BRIEFS)
def test_what_a_prompt_reads_back_as_asks_for_the_same_to_the_letter(brief):
    found = parse(brief.prompt())
    assert found is None or found.prompt() == brief.prompt()


@pytest.mark.parametrize(
    "prompt",
    [
        "Write a poem about rye.\n\nCopy:\n",
        "Write a blog post about rye\n\nCopy:\n",
        "Write a blog post about rye.\nMention:\n\nCopy:\n",
        "Write a blog post about rye.\nAnd hurry.\n\nCopy:\n",
        "",
    ],
)
def test_any_other_text_is_no_prompt_of_ours(prompt):
    assert parse(prompt) is None


@pytest.mark.parametrize(
    ("request_", "channel", "topic"),
    [
        ("Write an Instagram post about our new lavender cupcake.", "social", "our new lavender cupcake."),
        ("Please draft a newsletter for the spring sale", "email", "the spring sale"),
        ("Write a product description for the oak table", "product", "the oak table"),
        ("What is sourdough?", "page", "What is sourdough?"),
        ("Write an essay about bread", "page", "bread"),
    ],
)
def test_a_request_gives_its_topic_and_its_channel(request_, channel, topic):
    brief = brief_of_request(request_, "page")
    assert (brief.channel, brief.topic) == (channel, topic)


def test_a_long_request_is_cut_at_a_word_and_says_so():
    topic = brief_of_request("loaf " * 200, "blog").topic
    assert len(topic) <= 400 and topic.endswith("loaf…")


CELLS = st.fixed_dictionaries({"a": TEXT, "b": st.integers(-9, 9), "c": st.booleans(), "d": st.floats(-1, 1)})
TYPES = {"a": "text", "b": "int", "c": "bool", "d": "float"}


@settings(deadline=None)  # Arrow takes a second to load
@given(st.lists(CELLS, min_size=1, max_size=5))
def test_json_lines_and_parquet_give_every_cell_back(cells):
    for container, name in (("jsonl", "JSON lines"), ("parquet", "Parquet")):
        raw = b"".join(written(cells, TYPES, container))
        if container == "jsonl" and len(cells) == 1:
            name = "JSON"  # one object in a file is JSON as well
        assert rows(raw) == (name, list(enumerate(cells, start=1)))


@given(TEXT)
def test_a_guarded_cell_is_no_formula_and_comes_back(cell):
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_quote_is_taken_off_in_our_own_files_alone():
    cells = ["'tis the season", "=1+1", "plain"]
    ours = b"".join(written([{"a": cell, MARK: mark("pair")} for cell in cells], {"a": "text", MARK: "text"}, "csv"))
    assert b"''tis" in ours and b"'=1+1" in ours
    assert [row["a"] for _, row in rows(ours)[1]] == cells
    assert [row["a"] for _, row in rows(b"a,b\n'tis the season,1\n")[1]] == ["'tis the season"]


def test_a_bad_row_is_told_by_its_number_and_the_others_are_read():
    good = {"prompt": "a", "completion": "b"}
    raw = "\n".join([json.dumps(good), "{not json", "", "[1]", json.dumps(good)]).encode()
    container, found = rows(raw)
    assert container == "JSON lines" and [number for number, _ in found] == [1, 2, 4, 5]
    assert found[1][1].startswith("it is not JSON") and found[2][1] == "it is not an object in braces."
    assert rows(b"a,b\n1,2,3\n4,5\n")[1] == [(2, "it has 3 cells, and the header has 2."), (3, {"a": "4", "b": "5"})]


def test_a_long_list_is_read_row_by_row_and_says_where_it_breaks_off():
    many = [{"prompt": "x" * 500, "completion": str(number)} for number in range(5000)]
    raw = json.dumps(many, indent=1).encode()
    assert [row for _, row in rows(raw)[1]] == many
    _, found = rows_of(io.BytesIO(raw[: len(raw) // 2]))
    with pytest.raises(ReadError, match=r"after row 2[45]\d\d it is not JSON any more"):
        list(found)


@pytest.mark.parametrize("raw", [b'{"data": [{"a": 1}, {"a": 2}]}', b'{\n "data": [\n  {"a": 1},\n  {"a": 2}\n ]\n}'])
def test_a_list_inside_an_object_is_found(raw):
    assert rows(raw)[1] == [(1, {"a": 1}), (2, {"a": 2})]


def test_one_row_of_messages_is_a_row_and_no_list_of_them():
    turn = [{"role": "user", "content": "x"}]
    for row in ({"messages": turn}, {"prompt": turn, "chosen": turn, "rejected": turn}):
        assert rows(json.dumps(row).encode())[1] == [(1, row)]


def test_a_table_of_excel_s_is_read_in_its_encoding():
    assert rows("prompt;completion\nCafé;Für dich\n".encode("cp1252"))[1] == [
        (2, {"prompt": "Café", "completion": "Für dich"})
    ]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"PAR1 and then nothing", "it is damaged Parquet"),
        (b"[" * 100_000, "nested without end|not JSON"),
        (b'{"a": ' * 100_000, "not JSON|nested without end"),
    ],
)
def test_what_is_no_data_set_is_refused_with_a_reason(raw, reason):
    with pytest.raises(ReadError, match=reason), read_rows(io.BytesIO(raw)) as (_, found):
        list(found)


@pytest.mark.parametrize("container", ["jsonl", "csv", "parquet"])
def test_a_truncated_or_damaged_file_gives_rows_or_a_reason_and_no_traceback(container):
    cells = [{"a": f"copy {number} " * 9, "b": number, "c": True, "d": 0.5} for number in range(300)]
    raw = b"".join(written(cells, TYPES, container))
    for damaged in (raw[: len(raw) // 2], raw[:-3], raw[: len(raw) // 3] + b"\xff\0{[" + raw[len(raw) // 3 :]):
        try:
            with read_rows(io.BytesIO(damaged)) as (_, found):
                assert all(isinstance(row, (dict, str)) for _, row in found)
        except ReadError as error:
            assert str(error)


def test_the_columns_of_every_shape_are_of_one_type_and_never_null():
    for kind, shapes in SHAPES.items():
        for shape in shapes.values():
            types = shape.columns(kind)
            assert list(types)[-1] == MARK and set(types.values()) <= {"text", "int", "float", "bool", "messages"}
            assert set(COLUMNS[kind]) < set(types)


# Rows as the peers' own exporters write them; where the shapes are from stands in `training.corpus.formats.peers`.

LABEL_STUDIO = {
    "id": 1,
    "data": {"prompt": "Write a caption about the rye loaf."},
    "annotations": [
        {
            "id": 1001,
            "completed_by": {"id": 7, "email": "ann@example.com"},
            "was_cancelled": False,
            "result": [
                {
                    "from_name": "instruction",
                    "to_name": "prompt",
                    "type": "textarea",
                    "value": {"text": ["Rye is back, and it is still warm at nine."]},
                    "origin": "manual",
                },
                {"from_name": "tone", "to_name": "prompt", "type": "choices", "value": {"choices": ["Warm", "Short"]}},
                {"from_name": "quality", "to_name": "prompt", "type": "rating", "value": {"rating": 5}},
            ],
        },
        {"id": 1002, "was_cancelled": True, "result": []},
    ],
    "predictions": [],
    "project": 83,
}
PAIRWISE = {
    "id": 2,
    "data": {"prompt": "The quick brown fox...", "answer1": "jumps over the lazy dog.", "answer2": "bags few lynx."},
    "annotations": [
        {
            "id": 9,
            "completed_by": 3,
            "result": [
                {
                    "from_name": "comparison",
                    "to_name": "answer1,answer2",
                    "type": "pairwise",
                    "value": {"selected": "right"},
                }
            ],
        }
    ],
}


def test_label_studio_s_text_area_is_copy_and_the_rest_stays_beside_it():
    shape, (pair,) = come_in([LABEL_STUDIO])
    assert shape == "label-studio" and pair.kind == "pair" and pair.label is True
    assert (pair.brief.channel, pair.brief.topic) == ("social", "the rye loaf.")
    assert pair.texts == ("Rye is back, and it is still warm at nine.",)
    assert pair.extra == {
        "id": 1,
        "data.prompt": "Write a caption about the rye loaf.",
        "annotation": 1001,
        "annotator": "ann@example.com",
        "result.tone": "Warm, Short",
        "result.quality": 5,
    }


def test_two_texts_of_one_text_area_are_two_pairs():
    task = json.loads(json.dumps(LABEL_STUDIO))
    task["annotations"][0]["result"][0]["value"]["text"].append("Rye is back. Come before ten, it goes quickly.")
    assert [pair.texts[0][:13] for pair in come_in([task])[1]] == ["Rye is back, ", "Rye is back. "]


def test_label_studio_s_pairwise_vote_is_a_preference():
    _, (choice,) = come_in([PAIRWISE])
    assert choice.kind == "preference" and choice.texts == ("bags few lynx.", "jumps over the lazy dog.")
    assert choice.brief.topic == "The quick brown fox..." and choice.extra["annotation"] == 9


def test_label_studio_s_short_export_says_the_same():
    base = {
        "annotator": 7,
        "annotation_id": 5,
        "created_at": "2024-01-01",
        "updated_at": "2024-01-01",
        "lead_time": 4.2,
    }
    shape, (pair,) = come_in(
        [{"id": 1, "prompt": "A caption about rye", "instruction": "Rye is back and warm.", **base}]
    )
    assert shape == "label-studio-min" and pair.kind == "pair"
    _, (choice,) = come_in([{"id": 2, **PAIRWISE["data"], "comparison": [{"selected": "left"}], **base}])
    assert choice.texts == ("jumps over the lazy dog.", "bags few lynx.") and choice.extra["lead_time"] == 4.2
    _, (rated,) = come_in([{"id": 3, "prompt": "Rye", "response": "Rye is back.", "rating": [{"rating": 2}], **base}])
    assert rated.label is False and rated.texts == ("Rye is back.",)


def test_doccano_s_texts_answer_and_its_labels_stay_beside_the_copy():
    rows = [
        {
            "id": 1,
            "text": "A caption about rye",
            "label": ["Rye is back, and still warm.", "Warm rye from nine."],
            "Comments": [],
        },
        {"id": 2, "text": "A caption about buns", "label": [], "Comments": ["no idea"]},
    ]
    shape, came = come_in(rows)
    assert shape == "doccano-texts" and [row.texts[0] for row in came[:2]] == rows[0]["label"]
    assert came[2] == "label: it is empty."
    shape, (pair, _) = come_in(
        [{"id": 1, "text": "Rye is back.", "label": ["warm", "short"]}, {"id": 2, "text": "Buns.", "label": ["warm"]}]
    )
    assert shape == "doccano-labels" and pair.texts == ("Rye is back.",) and pair.how == "the copy"
    assert pair.extra == {"id": 1, "label": "warm, short"}


ARGILLA = {
    "id": "a1",
    "fields": {"instruction": "Write an e-mail about the summer menu", "response-1": "Dear all,", "response-2": "Hi!"},
    "metadata": {"team": "north"},
    "suggestions": {"better": {"value": "Dear all, the menu is here.", "score": None, "agent": "some-model"}},
    "responses": {
        "better": [{"value": "Hello! Our summer menu is here. Come and taste it.", "user_id": "u1"}],
        "quality": [{"value": 4, "user_id": "u1"}, {"value": 1, "user_id": "u2"}],
    },
    "vectors": {},
    "_server_id": None,
}


def test_argilla_s_answers_go_before_what_a_model_suggested():
    shape, (pair, other) = come_in([ARGILLA])
    assert shape == "argilla" and pair.texts == ("Hello! Our summer menu is here. Come and taste it.",)
    assert (pair.brief.channel, pair.brief.topic, pair.label) == ("email", "the summer menu", True)
    assert pair.extra["metadata.team"] == "north" and pair.extra["annotator"] == "u1"
    assert other == "response.better: it is empty."  # this person gave a rating alone


def test_argilla_s_ranking_is_a_preference():
    ranking = [{"value": "response-2", "rank": 1}, {"value": "response-1", "rank": 2}]
    record = {**ARGILLA, "suggestions": {}, "responses": {"rank": [{"value": ranking, "user_id": "u1"}]}}
    _, (choice,) = come_in([record])
    assert choice.kind == "preference" and choice.texts == ("Hi!", "Dear all,")


def test_argilla_s_flat_and_server_records_say_the_same():
    flat = {
        "id": "a1",
        "instruction": "Write an e-mail about the summer menu",
        "better.responses": ["Hello! Our summer menu is here."],
        "better.responses.users": ["u1"],
        "better.responses.status": ["submitted"],
        "team": "north",
    }
    shape, (pair,) = come_in([flat])
    assert (
        shape == "argilla-flat" and pair.texts == ("Hello! Our summer menu is here.",) and pair.extra["team"] == "north"
    )
    server = {
        "fields": ARGILLA["fields"],
        "suggestions": [],
        "responses": [
            {
                "user_id": "u1",
                "status": "submitted",
                "values": {"better": {"value": "Hello! Our summer menu is here."}},
            },
            {"user_id": "u2", "status": "discarded", "values": {"better": {"value": "Never mind, this is a bad one."}}},
        ],
    }
    _, (pair, other) = come_in([server])
    assert pair.texts == ("Hello! Our summer menu is here.",)
    assert other == "response.status: the response was discarded."


@pytest.mark.parametrize(
    ("row", "shape"),
    [
        ({"prompt": "A caption about rye", "completion": "Warm rye."}, "pairs"),
        ({"instruction": "A caption", "input": "about rye", "output": "Warm rye."}, "alpaca"),
        (
            {"messages": [{"role": "user", "content": "A caption"}, {"role": "assistant", "content": "Warm rye."}]},
            "messages",
        ),
        (
            {"conversations": [{"from": "human", "value": "A caption"}, {"from": "gpt", "value": "Warm rye."}]},
            "messages",
        ),
        (
            {
                "prompt": [{"role": "user", "content": "x"}],
                "completion": [{"role": "assistant", "content": "Warm rye."}],
            },
            "pairs",
        ),
        ({"prompt": "A caption", "completion": "Warm rye.", "label": True}, "unpaired"),
        ({"question": "A caption", "answer": "Warm rye."}, "table"),
    ],
)
def test_the_field_s_own_shapes_are_known(row, shape):
    found, (pair,) = come_in([row])
    assert found == shape and pair.kind == "pair" and pair.texts == ("Warm rye.",)


def test_a_preference_may_carry_its_prompt_within():
    say = lambda *turns: [{"role": role, "content": text} for role, text in turns]  # noqa: E731
    row = {
        "chosen": say(("user", "A caption about rye"), ("assistant", "Warm rye.")),
        "rejected": say(("user", "A caption about rye"), ("assistant", "Bread available.")),
    }
    _, (choice,) = come_in([row])
    assert choice.texts == ("Warm rye.", "Bread available.") and choice.brief.topic == "A caption about rye"


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"prompt": "a", "completion": ""}, "completion: it is empty."),
        ({"prompt": "a", "completion": 4}, "completion: it is not text."),
        ({"prompt": "a", "completion": "x\0y"}, "completion: it holds characters that are no text; take them out."),
        ({"prompt": "a", "completion": "x" * 100_001}, "completion: it has 100,001 characters; 100,000 are the most."),
        (
            {"prompt": "a", "completion": "b", "split": "holdout"},
            "split: it is 'holdout'; use train, validation or test.",
        ),
        ({"prompt": "a", "completion": "b", "topic": "t", "channel": "fax"}, "channel: is 'fax'; use one of"),
        ({"prompt": "a", "completion": "b", "topic": "t" * 401}, "topic: has 401 characters; use 400 at most."),
        ({"prompt": "a", "chosen": "b", "rejected": "b"}, "rejected: it is the same text as the one"),
        ({"prompt": "a", "chosen": "b", "rejected": None}, "rejected: it is empty."),
        ({"prompt": "a", "chosen": "b", "rejected": "c", "strength": 3}, "strength: it should be a number above 0"),
        ({"messages": [{"role": "user", "content": "a"}]}, "messages: it is no single exchange"),
    ],
)
def test_a_row_that_cannot_come_in_names_its_field(row, error):
    _, (came,) = come_in([row])
    assert isinstance(came, str) and came.startswith(error)


def test_what_no_database_takes_is_left_out_of_what_is_kept_beside_a_pair():
    row = {"prompt": "a", "completion": "b", "note": "x\0y\ud800", "deep": [{"n\0": float("inf")}]}
    _, (pair,) = come_in([row])
    assert pair.extra == {"prompt": "a", "note": "xy", "deep": [{"n": "inf"}]}


def test_a_person_s_mapping_goes_before_the_names():
    row = {"text": "Warm rye from nine.", "title": "A caption about rye", "label": "x"}
    _, (pair,) = come_in([row], mapping={"prompt": "title", "completion": "text"})
    assert pair.texts == ("Warm rye from nine.",) and pair.brief.topic == "A caption about rye"
    assert columns_of([row]) == ["text", "title", "label"]


def test_our_own_row_of_another_release_is_refused():
    row = {"prompt": "a", "completion": "b", MARK: "pair 2", "extra": as_json({})}
    _, (came,) = come_in([row])
    assert came.startswith("voicelab: it is 'pair 2', of another release")
