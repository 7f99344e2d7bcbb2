"""One file's documents, in this process; see `training.corpus.reading`."""

from training.corpus.reading.document import Block, Document, ReadError
from training.corpus.reading.read import read as readings

__all__ = ["Block", "Document", "ReadError", "read"]


def read(name: str, raw: bytes) -> list[Document]:
    documents: list[Document] = []
    for reading in readings(name, raw):
        if reading.reason:
            raise ReadError(reading.reason)
        documents += reading.documents
    return documents
