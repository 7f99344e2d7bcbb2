import json
import os
import time

import pytest

from training import store
from training.store import StoreError


@pytest.fixture
def adapter(tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "adapter_config.json").write_text('{"r": 4}')
    (folder / "adapter_model.safetensors").write_bytes(b"weights")
    return folder


def test_an_adapter_is_stored_with_its_manifest_and_verified(tmp_path, adapter):
    stored = store.save_adapter(tmp_path / "adapters", 7, adapter, {"seed": 1, "snapshot": "abc"})
    assert stored.path == store.adapter_folder(tmp_path / "adapters", 7)
    manifest = store.read_manifest(stored.path)
    assert (manifest["seed"], manifest["snapshot"], manifest["digest"]) == (1, "abc", stored.digest)
    assert store.verify(stored.path) == stored
    assert sorted(path.name for path in stored.path.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "manifest.json",
    ]


def test_saving_the_same_adapter_again_changes_nothing(tmp_path, adapter):
    first = store.save_adapter(tmp_path / "adapters", 7, adapter, {"seconds": 10})
    second = store.save_adapter(tmp_path / "adapters", 7, adapter, {"seconds": 11})
    assert first == second
    assert store.read_manifest(first.path)["seconds"] == 10


def test_another_adapter_never_takes_the_place_of_a_stored_one(tmp_path, adapter):
    first = store.save_adapter(tmp_path / "adapters", 7, adapter, {})
    (adapter / "adapter_model.safetensors").write_bytes(b"others")
    with pytest.raises(StoreError, match="Version 7 already has another adapter"):
        store.save_adapter(tmp_path / "adapters", 7, adapter, {})
    assert store.verify(first.path) == first


@pytest.mark.parametrize("name", ["adapter_model.safetensors", "adapter_config.json"])
def test_a_changed_file_is_named(name, tmp_path, adapter):
    stored = store.save_adapter(tmp_path / "adapters", 7, adapter, {})
    (stored.path / name).write_bytes(b"weighty")
    with pytest.raises(StoreError, match=f"{name} of adapter 7 is not the file that was stored"):
        store.verify(stored.path)


def test_a_missing_file_and_a_foreign_one_are_named(tmp_path, adapter):
    stored = store.save_adapter(tmp_path / "adapters", 7, adapter, {})
    (stored.path / "adapter_model.bin").write_bytes(b"pickle")
    with pytest.raises(StoreError, match=r"holds adapter_model\.bin, which was never stored"):
        store.verify(stored.path)
    (stored.path / "adapter_config.json").unlink()
    with pytest.raises(StoreError, match=r"adapter_config\.json of adapter 7 is missing"):
        store.verify(stored.path)


def test_a_folder_without_a_readable_manifest_is_named(tmp_path, adapter):
    with pytest.raises(StoreError, match=r"Adapter made has no manifest\.json"):
        store.read_manifest(adapter)
    (adapter / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be read"):
        store.read_manifest(adapter)
    (adapter / "manifest.json").write_text("[]")
    with pytest.raises(StoreError, match="names no files"):
        store.read_manifest(adapter)


def test_half_an_adapter_is_not_stored(tmp_path, adapter):
    (adapter / "adapter_config.json").unlink()
    with pytest.raises(StoreError, match=r"made is no adapter: adapter_config\.json missing"):
        store.save_adapter(tmp_path / "adapters", 7, adapter, {})
    assert not (tmp_path / "adapters").exists()


def test_nothing_is_left_when_writing_fails(tmp_path, adapter, monkeypatch):
    def full(*arguments):
        raise OSError("no space left")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(OSError, match="no space left"):
        store.save_adapter(tmp_path / "adapters", 7, adapter, {})
    assert list((tmp_path / "adapters").iterdir()) == []


def test_folders_that_a_kill_left_are_removed_once_old(tmp_path):
    old, young, kept = (tmp_path / name for name in (".7.0a1b.new", ".8.0a1b.new", "9"))
    for folder in (old, young, kept):
        folder.mkdir()
        (folder / "adapter_config.json").write_text(json.dumps({}))
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    assert store.remove_stale(tmp_path) == [old]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".8.0a1b.new", "9"]


@pytest.mark.parametrize("version", ["../7", "", ".", "a/b", "7.new"])
def test_an_id_that_is_no_plain_name_is_refused(version, tmp_path):
    with pytest.raises(StoreError, match="cannot name an adapter"):
        store.adapter_folder(tmp_path, version)


def test_the_packages_that_shape_an_adapter_have_their_versions():
    assert {"python", "torch", "transformers", "peft"} <= store.package_versions().keys()
