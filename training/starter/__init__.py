"""The starter base model: a small Llama with its own tokenizer, trained here on text that this package generates."""

from pathlib import Path

PATH = Path(__file__).resolve().parent / "model"
"""The model folder; load it with `AutoModelForCausalLM.from_pretrained(PATH)` and `AutoTokenizer`."""
