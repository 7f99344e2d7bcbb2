"""Whether the starter follows briefs: alone, and under each demo voice's shipped adapter.

    python -m tests.bench.starter [--quick] [--json FILE]

Greedy copy for 200 briefs (8 with --quick) whose names the starter's grammar never drew in training. A value counts if
it stands in the copy word for word. The bars: name 0.95, price, date and place 0.90 each; under an adapter 0.90
and 0.85.
"""

from __future__ import annotations

import json
import os

from tests.bench.face import Measured, Row, main

KINDS = ("name", "price", "date", "place", "weekday", "time", "discount", "result", "made", "person", "feature", "call")
SHOWN = 3
SEED = 100


def measure(quick: bool) -> Measured:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    import torch

    django.setup()
    from reviews.demo.load import CLIENTS, FOLDER
    from training.engine.base import STARTER, load_base
    from training.engine.writing import WritingSettings, write
    from training.starter.evaluate import following, held_out_documents

    torch.set_num_threads(1)
    briefs = 8 if quick else 200
    docs = held_out_documents(briefs, seed=SEED)
    prompts = [doc.brief.prompt() for doc in docs]
    base = load_base(STARTER)
    rows: list[Row] = []
    folders = {demo.file: FOLDER / "evidence" / demo.file / "adapter" for demo in CLIENTS}
    for name, adapter in {"base": None, **folders}.items():
        made = write(base, prompts, adapter=adapter, seeds=list(range(briefs)), settings=WritingSettings(temperature=0))
        counts = following(docs, [one.text for one in made])
        for kind in KINDS:
            found, asked = counts.get(kind, (0, 0))
            if asked:
                rows.append(Row(f"{name}: {kind}, of {asked}", round(found / asked, 3), "share"))
        for one in made[:SHOWN]:
            print(f"{name}: {json.dumps(one.text, ensure_ascii=False)}")
    return {"briefs": briefs, "temperature": 0, "bars": {"base": [0.95, 0.90], "adapter": [0.90, 0.85]}}, rows


if __name__ == "__main__":
    main(measure, about="Counts the facts of unseen briefs in the starter's copy, alone and under the demo's adapters.")
