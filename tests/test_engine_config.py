import subprocess
import sys

import pytest

from training.engine.config import LoraRun
from training.engine.errors import ConfigError, EngineError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("learning_rate", "fast"),
        ("batch_size", 0),
        ("batch_size", 2.5),
        ("batch_size", True),
        ("epochs", -1),
        ("rank", 0),
        ("dropout", 1.0),
        ("warmup_ratio", -0.1),
        ("patience", -1),
        ("seed", -3),
        ("max_length", 2),
        ("label_smoothing", 0.5),
        ("beta", 0.0),
        ("target_modules", ()),
        ("target_modules", "q_proj"),
        ("target_modules", 3),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_what_to_do(name, value):
    with pytest.raises(ConfigError, match=rf"^{name} is .*; (use|name) .*\.$") as caught:
        LoraRun(**{name: value})
    assert repr(value) in str(caught.value)
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, EngineError)


def test_settings_come_back_from_their_dictionary():
    run = LoraRun(rank=4, target_modules=("q_proj", "v_proj"), learning_rate=1e-3)
    assert LoraRun.from_dict(run.to_dict()) == run
    assert LoraRun.from_dict({}) == LoraRun()


def test_an_unknown_setting_is_named():
    with pytest.raises(ConfigError, match="no setting named learning_rat"):
        LoraRun.from_dict({"learning_rat": 1e-4, "rank": 8})


def test_suggestions_follow_the_size_of_the_data_and_of_the_base():
    few, some, many = (LoraRun.suggested(pairs, 500_000_000) for pairs in (120, 600, 3000))
    assert (few.rank, some.rank, many.rank) == (8, 16, 16)
    assert few.epochs > some.epochs > many.epochs
    small = LoraRun.suggested(600, 2_000_000)
    assert small.learning_rate > some.learning_rate
    assert small.epochs in (2, 3)


def test_the_web_side_can_read_settings_and_files_without_torch_or_django():
    modules = "training.engine.config, training.engine.progress, training.store, training.corpus.snapshot"
    check = f"import sys, {modules}; print({{'torch', 'django', 'transformers'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
