"""Word and PowerPoint: headings, paragraphs, lists and tables in reading order.

Comments, speakers' notes, page heads and feet, and text that somebody deleted stay out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from training.corpus.reading.archives import check_archive
from training.corpus.reading.document import Block, Document, plain

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LAYOUT_WORDS = 12  # a cell with this many words holds copy: the table is there for the layout


def read_docx(raw: bytes, name: str) -> Iterator[Document]:
    import docx

    check_archive(raw)
    found = docx.Document(io.BytesIO(raw))
    styles = {style.style_id: (style.name or "").lower() for style in found.styles}
    blocks = list(word_blocks(found.element.body, styles))
    title, date = found.core_properties.title, found.core_properties.created
    heading = next((block.text for block in blocks if block.kind == "heading"), "")
    yield Document(plain(title or "") or heading or name, blocks, date=date.isoformat() if date else "")


def word_blocks(parent: Any, styles: dict[str, str]) -> Iterator[Block]:
    for node in parent:
        if node.tag == f"{W}p":
            if text := plain(word_text(node)):
                yield Block(text, word_kind(node, styles))
            for box in node.iter(f"{W}txbxContent"):
                if not any(outer.tag == FALLBACK for outer in box.iterancestors()):
                    yield from word_blocks(box, styles)
        elif node.tag == f"{W}tr":
            cells = list(node.iter(f"{W}tc"))
            texts = [plain(" ".join(word_text(line) for line in cell.iter(f"{W}p"))) for cell in cells]
            if any(len(text.split()) >= LAYOUT_WORDS for text in texts):
                for cell in node:
                    yield from word_blocks(cell, styles)
            elif row := " | ".join(text for text in texts if text):
                yield Block(row, "row")
        elif node.tag not in (f"{W}moveFrom", f"{W}sectPr"):
            yield from word_blocks(node, styles)  # tables, content controls, insertions


def word_text(paragraph: Any) -> str:
    parts: list[str] = []

    def walk(node: Any) -> None:
        for child in node:
            if child.tag in (f"{W}t", f"{M}t"):
                parts.append(child.text or "")
            elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
                parts.append(" ")
            elif child.tag == f"{W}noBreakHyphen":
                parts.append("-")
            elif child.tag not in (f"{W}moveFrom", f"{W}txbxContent", f"{W}pPr", f"{W}rPr", FALLBACK):
                walk(child)

    walk(paragraph)
    return "".join(parts)


def word_kind(paragraph: Any, styles: dict[str, str]) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = styles.get(style.get(f"{W}val", ""), "") if style is not None else ""
    if name.startswith(("heading", "title", "subtitle")) or paragraph.find(f"{W}pPr/{W}outlineLvl") is not None:
        return "heading"
    numbered = paragraph.find(f"{W}pPr/{W}numPr") is not None
    return "item" if numbered or name.startswith("list") else "paragraph"


def read_pptx(raw: bytes, name: str) -> Iterator[Document]:
    import pptx

    check_archive(raw)
    found = pptx.Presentation(io.BytesIO(raw))
    blocks = [block for slide in found.slides for block in slide_blocks(slide)]
    title, date = found.core_properties.title, found.core_properties.created
    heading = next((block.text for block in blocks if block.kind == "heading"), "")
    title = "" if (title or "").startswith("PowerPoint") else title
    yield Document(plain(title or "") or heading or name, blocks, date=date.isoformat() if date else "")


def slide_blocks(slide: Any) -> Iterator[Block]:
    title = slide.shapes.title
    if title is not None and (text := plain(title.text_frame.text)):
        yield Block(text, "heading")
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from shape_blocks(shape)


def shape_blocks(shape: Any) -> Iterator[Block]:
    if hasattr(shape, "shapes"):  # a group
        for inner in shape.shapes:
            yield from shape_blocks(inner)
    elif shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            if text := plain(paragraph.text):
                yield Block(text, "item" if paragraph.level else "paragraph")
    elif getattr(shape, "has_table", False):
        for row in shape.table.rows:
            if text := " | ".join(filter(None, (plain(cell.text) for cell in row.cells))):
                yield Block(text, "row")
    elif getattr(shape, "has_chart", False) and shape.chart.has_title and shape.chart.chart_title.has_text_frame:
        yield Block(plain(shape.chart.chart_title.text_frame.text), "row")
