"""The face that all benchmarks share: `python -m tests.bench.NAME [--quick] [--json FILE]`.

A benchmark is a module with one function `measure(quick) -> (settings, rows)`, handed to `main`. The JSON
holds `environment`, `settings` and `results`; --quick ends within a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("django", "torch", "transformers", "peft", "trl", "safetensors", "tokenizers", "numpy", "psycopg")


@dataclass(frozen=True)
class Row:
    """One figure. `ratio` is ours divided by the peer's, so below 1 is better for times and above 1 for rates."""

    name: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.peer_value if self.peer_value else None

    def as_dict(self) -> dict[str, Any]:
        row: dict[str, Any] = {"name": self.name, "value": self.value, "unit": self.unit}
        if self.peer is not None:
            row |= {"peer": self.peer, "peer_value": self.peer_value, "ratio": self.ratio}
        return row

    def __str__(self) -> str:
        text = f"{self.name:<80} {self.value:>12.4g} {self.unit}"
        if self.peer is not None and self.ratio is not None:
            text += f"   ({self.peer}: {self.peer_value:.4g}, ratio {self.ratio:.3g})"
        return text


Measured = tuple[dict[str, Any], Sequence[Row]]


def main(measure: Callable[[bool], Measured], *, about: str, argv: Sequence[str] | None = None) -> dict[str, Any]:
    """Parse the options, measure, print one line a figure, write the JSON where it is asked for."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help="fewer repeats; ends within a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write environment, settings and results here")
    options = parser.parse_args(argv)
    settings, rows = measure(options.quick)
    report = {
        "environment": environment(),
        "settings": {"quick": options.quick, **settings},
        "results": [row.as_dict() for row in rows],
    }
    for row in rows:
        print(row)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return report


def environment() -> dict[str, Any]:
    """Processor, threads and versions; nothing that names a person or a machine."""
    return {
        "processor": processor(),
        "threads": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": {"python": platform.python_version(), **versions()},
    }


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(share * 100) // 100) - 1)]
