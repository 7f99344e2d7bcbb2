"""What machines work on: voices, their corpus, and the runs that train on it."""

from training.models.cleaning import RecurringLine, Touch
from training.models.corpus import Brief, Pair, Preference, Snapshot, SnapshotPair
from training.models.datasets import DataSet, DataSetJob
from training.models.duplicates import Copy, CopyDecision, DecidedText
from training.models.focus import Focus, FocusPair, Writing
from training.models.imports import Import, ImportFile
from training.models.runs import LossPoint, Measurement, ModelVersion, PairLoss, Run, Sample
from training.models.search import PairEntry, PassageEntry
from training.models.sources import Passage, Source
from training.models.suggestions import Proofreading, Suggestion, Word
from training.models.voices import Client, Origin, Voice

__all__ = [
    "Brief",
    "Client",
    "Copy",
    "CopyDecision",
    "DataSet",
    "DataSetJob",
    "DecidedText",
    "Focus",
    "FocusPair",
    "Import",
    "ImportFile",
    "LossPoint",
    "Measurement",
    "ModelVersion",
    "Origin",
    "Pair",
    "PairEntry",
    "PairLoss",
    "Passage",
    "PassageEntry",
    "Preference",
    "Proofreading",
    "RecurringLine",
    "Run",
    "Sample",
    "Snapshot",
    "SnapshotPair",
    "Source",
    "Suggestion",
    "Touch",
    "Voice",
    "Word",
    "Writing",
]
