"""Spreadsheets: each sheet a table whose first row names the columns."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from training.corpus.reading.archives import check_archive
from training.corpus.reading.document import Document, Problem, ReadError
from training.corpus.reading.rows import Row, documents, header_of


def read_xlsx(raw: bytes, name: str) -> Iterator[Document | Problem]:
    import openpyxl

    check_archive(raw)
    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # the size that a file claims for a sheet may be anything
        yield from sheet_documents(sheet.title, sheet.iter_rows(values_only=True), name)


def read_xls(raw: bytes, name: str) -> Iterator[Document | Problem]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=raw, logfile=io.StringIO(), on_demand=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise ReadError("it is locked with a password; save it without one first.") from error
        raise
    for sheet in book.sheets():
        rows = ([cell_text(cell, book.datemode) for cell in sheet.row(row)] for row in range(sheet.nrows))
        yield from sheet_documents(sheet.name, rows, name)


def cell_text(cell: Any, datemode: int) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER and cell.value == int(cell.value):
        return int(cell.value)
    return None if cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY) else cell.value


def sheet_documents(title: str, rows: Iterable[Iterable[Any]], name: str) -> Iterator[Document | Problem]:
    header: list[str] | None = None
    found: list[Row] = []
    for number, cells in enumerate(rows, start=1):
        values = [None if cell is None else str(cell) for cell in cells]
        if not any(value and value.strip() for value in values):
            continue
        if header is None:
            header = header_of(value or "" for value in values)
        else:
            found.append((f"sheet {title}, row {number}", dict(zip(header, values, strict=False))))
    if header and not found:
        found = [(f"sheet {title}, row 1", {"columns": " | ".join(header)})]
    for document in documents(found, name):
        if isinstance(document, Document) and document.title == name:
            document.title = f"{name}: {title}"
        yield document
