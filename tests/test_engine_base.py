import json
import shutil

import pytest
import torch

from tests import tiny
from training.engine.adapter import new_adapter
from training.engine.base import digest, load_base
from training.engine.errors import BaseError


@pytest.fixture
def folder(tmp_path):
    """A whole model on disk, as any Hugging Face folder is."""
    tiny.model().save_pretrained(tmp_path / "model")
    tiny.tokenizer().save_pretrained(tmp_path / "model")
    return tmp_path / "model"


@pytest.mark.parametrize("kind", ["llama", "gpt2", "qwen2"])
def test_a_model_folder_loads_frozen_with_the_digest_of_its_weights(kind, tmp_path):
    model = tiny.model(kind)
    model.save_pretrained(tmp_path)
    tiny.tokenizer().save_pretrained(tmp_path)
    base = load_base(str(tmp_path))
    assert base.digest == digest(model)
    assert base.context == 256
    assert not any(parameter.requires_grad for parameter in base.model.parameters())
    assert base.model.dtype == torch.float32 or torch.cuda.is_available()


@pytest.mark.skipif(not tiny.STORIES.exists(), reason="needs ../shared/models/stories260k")
def test_a_real_model_loads_from_its_folder():
    base = load_base(str(tiny.STORIES))
    assert base.parameters == 260_032
    assert base.tokenizer("Once upon a time", add_special_tokens=False)["input_ids"]


@pytest.mark.parametrize("kind", ["llama", "gpt2"])
def test_the_digest_is_the_same_with_an_adapter_on_and_after_it(kind):
    base = tiny.base(kind)
    with new_adapter(base, tiny.RUN) as adapter:
        assert adapter.size > 0
        assert digest(base.model) == base.digest
    assert digest(base.model) == base.digest
    assert [name for name, _ in base.model.named_parameters() if "lora" in name] == []


def test_the_digest_sees_one_changed_bit():
    base = tiny.base()
    weight = next(base.model.parameters())
    with torch.no_grad():
        weight[0, 0] = torch.nextafter(weight[0, 0], torch.tensor(9.0))
    assert digest(base.model) != base.digest


def test_a_folder_that_is_not_there_is_named():
    with pytest.raises(BaseError, match=r"There is no base model at \./nowhere\. Check VOICELAB_BASE_MODEL"):
        load_base("./nowhere")


def test_an_id_that_cannot_be_reached_is_named(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(BaseError, match="nobody/nothing is not on this machine, which works offline"):
        load_base("nobody/nothing")


def test_a_folder_without_a_config_is_no_model(tmp_path):
    with pytest.raises(BaseError, match="it has no config.json"):
        load_base(str(tmp_path))


def test_pickled_weights_are_refused_and_never_opened(folder):
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'touch opened'\ntR.")
    with pytest.raises(BaseError, match="no safetensors weights, and pickled ones are never opened"):
        load_base(str(folder))


def test_a_model_with_code_of_its_own_is_refused(folder):
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "oddity", "auto_map": {"AutoConfig": "odd.Odd", "AutoModelForCausalLM": "odd.Odd"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "odd.py").write_text("raise SystemExit('this code was run')\n")
    with pytest.raises(BaseError, match="needs code of its own"):
        load_base(str(folder))


def test_a_model_of_an_unknown_kind_is_refused(folder):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "oddity"}))
    with pytest.raises(BaseError, match="is not a causal language model"):
        load_base(str(folder))


def test_a_model_without_tokenizer_is_refused(folder):
    for path in folder.glob("tokenizer*"):
        path.unlink()
    with pytest.raises(BaseError, match="has no tokenizer that can be read"):
        load_base(str(folder))


def test_a_model_that_lacks_weights_is_refused(folder):
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    del tensors["model.layers.1.mlp.up_proj.weight"]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(BaseError, match=r"lacks 1 of its weights, model\.layers\.1\.mlp"):
        load_base(str(folder))


def test_damaged_weights_are_refused(folder):
    shutil.copyfile(folder / "config.json", folder / "model.safetensors")
    with pytest.raises(BaseError, match=r"^The base model .* cannot be loaded|has no safetensors"):
        load_base(str(folder))
