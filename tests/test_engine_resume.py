import json
import os
import signal
from dataclasses import replace

import pytest

from tests import tiny
from training import store
from training.engine import checkpoint


class Killed(BaseException):
    """What stands in for a kill: nothing in the engine handles it."""


def killer(at):
    """A report that ends the run after so many steps in all."""
    told = []

    def report(progress):
        told.append(progress)
        if len(told) == at:
            raise Killed

    return report


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Eight supervised steps, then four of preferences, without interruption."""
    return tiny.run(tmp_path_factory.mktemp("whole"), tiny.base(), tiny.rows(), preference_epochs=2)


@pytest.mark.parametrize("at", [1, 2, 3, 5, 8, 9, 11, 12])
def test_a_run_killed_at_any_step_ends_with_the_same_adapter(at, whole, tmp_path):
    with pytest.raises(Killed):
        tiny.run(tmp_path, tiny.base(), tiny.rows(), report=killer(at), preference_epochs=2)
    assert not (tmp_path / "work" / "adapter").exists()
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(), preference_epochs=2)
    assert any(note.startswith("It went on from step") for note in outcome.notes)
    assert tiny.files(outcome.adapter) == tiny.files(whole.adapter)
    assert (outcome.steps, outcome.tokens) == (whole.steps, whole.tokens)
    losses = [
        [(c["stage"], c["step"], c["train_loss"], c["validation_loss"]) for c in o.curves] for o in (outcome, whole)
    ]
    assert losses[0] == losses[1]


def test_a_run_killed_again_and_again_ends_with_the_same_adapter(whole, tmp_path):
    for _ in range(5):
        with pytest.raises(Killed):
            tiny.run(tmp_path, tiny.base(), tiny.rows(), report=killer(3), preference_epochs=2)
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(), preference_epochs=2)
    assert tiny.files(outcome.adapter) == tiny.files(whole.adapter)


@pytest.mark.parametrize("at", [4, 10])
def test_a_process_ended_by_kill_9_goes_on_and_leaves_one_adapter(at, whole, tmp_path):
    child = os.fork()
    if child == 0:
        told = []

        def report(progress):
            told.append(progress)
            if len(told) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            tiny.run(tmp_path, tiny.base(), tiny.rows(), report=report, preference_epochs=2)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(), preference_epochs=2)
    assert tiny.files(outcome.adapter) == tiny.files(whole.adapter)
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["adapter", "checkpoint"]


@pytest.mark.parametrize("moment", ["flush", "rename", "rmtree"])
def test_a_kill_in_the_middle_of_a_checkpoint_is_harmless(moment, whole, tmp_path, monkeypatch):
    calls = []

    def killed(*arguments, **options):
        calls.append(arguments)
        if len(calls) == 9:
            raise Killed
        return real(*arguments, **options)

    where, name = {
        "flush": (store, "_flush"),
        "rename": (os, "rename"),
        "rmtree": (checkpoint.shutil, "rmtree"),
    }[moment]
    real = getattr(where, name)
    if moment != "flush":
        calls += [()] * 6
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(where, name, killed)
        tiny.run(tmp_path, tiny.base(), tiny.rows(), preference_epochs=2)
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(), preference_epochs=2)
    assert tiny.files(outcome.adapter) == tiny.files(whole.adapter)


def test_a_damaged_newest_checkpoint_gives_way_to_the_one_before(whole, tmp_path):
    with pytest.raises(Killed):
        tiny.run(tmp_path, tiny.base(), tiny.rows(), report=killer(7), preference_epochs=2)
    generations = sorted((tmp_path / "work" / "checkpoint").iterdir())
    assert len(generations) == 2
    tensors = generations[-1] / "state.safetensors"
    tensors.write_bytes(tensors.read_bytes()[:-40])
    outcome = tiny.run(tmp_path, tiny.base(), tiny.rows(), preference_epochs=2)
    assert "It went on from step 4 of the supervised stage." in outcome.notes
    assert tiny.files(outcome.adapter) == tiny.files(whole.adapter)


@pytest.mark.parametrize("what", ["settings", "rows", "base model"])
def test_a_checkpoint_of_another_run_is_put_aside_with_a_note(what, tmp_path):
    with pytest.raises(Killed):
        tiny.run(tmp_path, tiny.base(), tiny.rows(), report=killer(7))
    base, rows, changes = tiny.base(), tiny.rows(), {}
    if what == "settings":
        changes = {"rank": 2}
    elif what == "rows":
        rows = replace(rows, supervised_train=rows.supervised_train[:-1])
    else:
        base = tiny.base("qwen2")
    outcome = tiny.run(tmp_path, base, rows, **changes)
    assert f"The checkpoint in the work folder was made with another {what}: started anew." in outcome.notes
    fresh = tiny.run(tmp_path / "fresh", base, rows, **changes)
    assert tiny.files(outcome.adapter) == tiny.files(fresh.adapter)


def test_a_run_that_has_ended_ends_again_with_the_same_adapter(whole, tmp_path):
    tiny.run(tmp_path, tiny.base(), tiny.rows(), preference_epochs=2)
    again = tiny.run(tmp_path, tiny.base(), tiny.rows(), preference_epochs=2)
    assert tiny.files(again.adapter) == tiny.files(whole.adapter)


def test_checkpoints_are_safetensors_and_json_only(tmp_path):
    tiny.run(tmp_path, tiny.base(), tiny.rows())
    files = [path for path in (tmp_path / "work" / "checkpoint").rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"state.safetensors", "state.json"}
    card = json.loads(next(path for path in files if path.suffix == ".json").read_text())
    assert card["facts"]["identity"]["run"] == tiny.RUN.to_dict()
