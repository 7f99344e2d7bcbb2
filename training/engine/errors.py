"""What can go wrong in the engine, as sentences for a person. Imports no torch."""

from __future__ import annotations


class EngineError(Exception):
    """A run or a generation that cannot go on; the message says why and what to do."""


class ConfigError(EngineError, ValueError):
    """A setting of a run that cannot be used; the message names it and its value."""


class BaseError(EngineError):
    """A base model that cannot be loaded."""


class WritingError(EngineError):
    """A prompt or a setting that no text can be written with."""
