"""TRL's own trainers take VoiceLab's files as they are: one step each, with the tiny model."""

import pytest
from django.core.management import call_command

from tests import tiny
from tests.judged import score
from training.models import Preference

CHAT = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"


@pytest.fixture
def judged(voice, make_pair, make_brief, make_sample, first_version, base_version, cora):
    for number in range(4):
        make_pair(f"loaf {number}", status="validated" if number % 2 else "rejected")
        brief = make_brief(f"bun {number}", split="train")
        choice = {"voice": voice, "brief": brief, "strength": 1.0, "source": "comparison", "provenance": str(number)}
        Preference.objects.create(**choice, chosen=f"Buns, {number}!", rejected="We are pleased.")
        score(make_sample(first_version, brief, f"Buns, {number}!"), cora, 5)
        score(make_sample(base_version, brief, f"We are pleased to sell {number}."), cora, 2, overall=2)
    return voice


def trained(name, folder, path, tokenizer):
    """The losses of one step of a trainer on the file."""
    trl = pytest.importorskip("trl")
    import datasets

    builder = "parquet" if path.suffix == ".parquet" else "json"
    rows = datasets.load_dataset(builder, data_files=str(path), split="train", cache_dir=str(folder / "cache"))
    trainer_class, config_class = getattr(trl, f"{name}Trainer"), getattr(trl, f"{name}Config")
    config = config_class(
        output_dir=str(folder / "out"),
        max_steps=1,
        per_device_train_batch_size=4,
        use_cpu=True,
        bf16=False,
        report_to=[],
        save_strategy="no",
        max_length=128,
        gradient_checkpointing=False,
    )
    reference = {} if name == "SFT" else {"ref_model": tiny.model()}
    trainer = trainer_class(
        model=tiny.model(), args=config, train_dataset=rows, processing_class=tokenizer, **reference
    )
    trainer.train()
    return rows, [entry["train_loss"] for entry in trainer.state.log_history if "train_loss" in entry]


@pytest.mark.parametrize(
    ("trainer", "kind", "shape", "ending"),
    [
        ("SFT", "pairs", "prompt", "jsonl"),
        ("SFT", "pairs", "messages", "parquet"),
        ("DPO", "preferences", "prompt", "jsonl"),
        ("DPO", "preferences", "messages", "parquet"),
        ("KTO", "scores", "prompt", "jsonl"),
        ("KTO", "scores", "messages", "parquet"),
        ("KTO", "pairs", "unpaired", "jsonl"),
    ],
)
def test_a_trainer_of_trl_takes_a_step_on_the_file_as_it_is(judged, tmp_path, trainer, kind, shape, ending):
    path = tmp_path / f"rows.{ending}"
    call_command("export", "house", str(path), format=kind, shape=shape)
    tokenizer = tiny.tokenizer()
    tokenizer.chat_template = CHAT
    rows, losses = trained(trainer, tmp_path, path, tokenizer)
    assert len(rows) == {"pairs": 2, "preferences": 4, "scores": 8}[kind] + (2 if shape == "unpaired" else 0)
    assert losses and all(loss > 0 for loss in losses)
