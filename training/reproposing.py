"""Briefs for passages whose text has changed, as good as those of a fresh import."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from training.corpus.brief import Brief as Content
from training.corpus.passages import Piece
from training.corpus.propose import propose
from training.corpus.reading.document import Block, Document
from training.models import Pair, Passage, Voice

Key = tuple[uuid.UUID, int]


class Proposer:
    """Proposes for some of a voice's passages, each within its document as it was read. Makes two queries."""

    def __init__(self, voice: Voice, passages: Sequence[Passage]) -> None:
        self.voice = voice
        sources, documents = {one.source_id for one in passages}, {one.document for one in passages}
        self.texts: dict[Key, list[str]] = defaultdict(list)
        rows = Passage.objects.filter(source__in=sources, document__in=documents).order_by("source_id", "position")
        for source, document, original in rows.values_list("source_id", "document", "original").iterator(2000):
            self.texts[source, document].append(original)
        self.topics: dict[Key, dict[uuid.UUID, str]] = defaultdict(dict)
        pairs = Pair.objects.current().filter(passage__source__in=sources, passage__document__in=documents)
        told = pairs.values_list("passage__source_id", "passage__document", "passage_id", "brief__topic")
        for source, document, passage, topic in told.iterator(2000):
            if passage is not None:
                self.topics[source, document][passage] = topic

    def fresh(self, passage: Passage, text: str) -> Content:
        """The brief that an import would propose for this text."""
        key = (passage.source_id, passage.document)
        title = passage.document_title or passage.title
        document = Document(title, [Block(one) for one in self.texts[key]], channel=passage.channel)
        heading = "" if passage.title == title else passage.title
        others = [topic for pk, topic in self.topics[key].items() if pk != passage.pk]
        source, piece = passage.source, Piece(heading, text, ())
        content = propose(source.name, source.kind, document, piece, taken=others, brand=self.voice.brand)
        self.topics[key][passage.pk] = content.topic
        return content

    def anew(self, passage: Passage, content: Content, before: str) -> Content:
        """A brief for the passage's new text: a fresh one where nobody changed what was proposed for the old one."""
        if content == self.fresh(passage, before):
            return self.fresh(passage, passage.text)
        return still_borne(content, before, passage.text)


def still_borne(content: Content, before: str, after: str) -> Content:
    """The brief without what the copy said before and says no more."""

    def stay(phrases: Collection[str]) -> tuple[str, ...]:
        return tuple(phrase for phrase in phrases if phrase not in before or phrase in after)

    call = content.call_to_action if stay([content.call_to_action]) else ""
    return replace(content, facts=stay(content.facts), call_to_action=call)
