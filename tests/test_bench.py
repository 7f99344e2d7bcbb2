"""Every benchmark has the same face."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "tests" / "bench"
FILES = [path.relative_to(BENCH) for path in BENCH.rglob("*.py") if path.stem not in ("__init__", "face")]
NAMES = sorted(".".join(path.with_suffix("").parts) for path in FILES)


@pytest.mark.parametrize("name", NAMES)
def test_a_quick_benchmark_writes_environment_settings_and_results(name, tmp_path):
    path = tmp_path / "bench.json"
    dropped = ("DATABASE_URL", "VOICELAB_VAR", "DJANGO_SETTINGS_MODULE")
    environment = {key: value for key, value in os.environ.items() if key not in dropped}
    command = [sys.executable, "-m", f"tests.bench.{name}", "--quick", "--json", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    report = json.loads(path.read_text(encoding="utf-8"))
    assert set(report) == {"environment", "settings", "results"}
    assert report["settings"]["quick"] is True
    assert set(report["environment"]) >= {"processor", "threads", "versions"}
    assert {"python", "django"} <= set(report["environment"]["versions"])
    assert str(Path.home()) not in path.read_text(encoding="utf-8")
    for row in report["results"]:
        assert isinstance(row["name"], str) and isinstance(row["unit"], str)
        assert isinstance(row["value"], (int, float)) and row["value"] >= 0
        assert ("peer" in row) == ("ratio" in row) == ("peer_value" in row)
        assert row["name"] in done.stdout
    assert report["results"]
