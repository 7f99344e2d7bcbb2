"""What machines work on: voices, their corpus, and the runs that train on it."""

from training.models.cleaning import RecurringLine, Touch
from training.models.corpus import Brief, Pair, Preference, Snapshot
from training.models.runs import LossPoint, Measurement, ModelVersion, Run, Sample
from training.models.sources import Passage, Source
from training.models.voices import Client, Origin, Voice

__all__ = [
    "Brief",
    "Client",
    "LossPoint",
    "Measurement",
    "ModelVersion",
    "Origin",
    "Pair",
    "Passage",
    "Preference",
    "RecurringLine",
    "Run",
    "Sample",
    "Snapshot",
    "Source",
    "Touch",
    "Voice",
]
