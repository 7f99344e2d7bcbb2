"""What a file is, by what is in it. Its name only decides between kinds of plain text that look alike."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from itertools import islice
from pathlib import PurePosixPath

from training.corpus.reading.document import ReadError

DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, KeyError)
"""What reading a broken ZIP archive raises."""
SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
    ".rtf": "rtf",
    ".docx": "docx",
    ".pdf": "pdf",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".xls": "xls",
    ".epub": "epub",
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".eml": "eml",
    ".msg": "msg",
    ".mbox": "mbox",
    ".rss": "rss",
    ".atom": "atom",
    ".xml": "xml",
    ".zip": "zip",
}
TOLD = {
    "markdown": "Markdown",
    "html": "an HTML page",
    "text": "plain text",
    "rtf": "rich text (RTF)",
    "docx": "a Word document",
    "pdf": "a PDF",
    "pptx": "a PowerPoint presentation",
    "xlsx": "an Excel workbook",
    "xls": "an old Excel workbook",
    "epub": "an EPUB book",
    "csv": "a CSV table",
    "tsv": "a table with tabs",
    "json": "JSON",
    "jsonl": "JSON lines",
    "eml": "an e-mail",
    "msg": "an Outlook message",
    "mbox": "a mailbox",
    "rss": "an RSS feed",
    "atom": "an Atom feed",
    "xml": "XML",
    "zip": "a ZIP archive",
}
ALIKE = ({"csv", "tsv"}, {"json", "jsonl"}, {"rss", "atom", "xml", "html"}, {"text", "markdown"}, {"eml", "mbox"})
NOT_READ = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture, sound or film (RIFF)"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"BM", "a bitmap picture"),
    (b"ID3", "a sound (MP3)"),
    (b"OggS", "a sound or film (Ogg)"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "a SQLite database"),
    (b"PAR1", "a Parquet table"),
    (b"%!PS", "PostScript; print it to PDF first"),
)
HEADER = re.compile(rb"^(From|To|Cc|Date|Subject|Received|Message-ID|MIME-Version|Return-Path|Delivered-To|Reply-To|"
                    rb"Content-Type|X-[\w-]+):", re.IGNORECASE | re.MULTILINE)  # fmt: skip
PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.IGNORECASE)
ROOT = re.compile(r"\s*<([\w:.-]+)")
HTML_TAGS = {"head", "title", "meta", "link", "script", "style", "div", "p", "span", "a", "ul", "ol", "li", "table"}
HTML_TAGS |= {"tr", "td", "h1", "h2", "h3", "h4", "h5", "h6", "main", "article", "section", "header", "footer", "nav"}
HTML_TAGS |= {"blockquote", "br", "img", "strong", "em", "b", "i", "pre", "form", "center", "font"}
MARKUP = re.compile(r"</(?:p|div|li|h[1-6]|td|body|html|span|strong)>|<br ?/?>", re.IGNORECASE)
COPY_COLUMNS = ("output", "copy", "text", "body", "content", "completion", "caption", "message")
"""Columns, and keys of JSON rows, that hold the copy; the first that is there counts."""


def suffix_of(name: str) -> str:
    return PurePosixPath(name.lower()).suffix


def misnamed(name: str, kind: str) -> str:
    """A line for a file whose ending promises something else, or nothing."""
    suffix = suffix_of(name)
    promised = SUFFIXES.get(suffix, kind)
    if promised == kind or any({promised, kind} <= family for family in ALIKE):
        return ""
    return f"named {suffix}, read as {TOLD[kind]}"


def binary_kind(raw: bytes, name: str) -> str:
    """The kind that the bytes themselves tell, or "" for one of text. Raises `ReadError` for what nobody reads."""
    if b"%PDF-" in raw[:1024]:
        return "pdf"
    if raw.startswith(b"PK\x03\x04") or raw.startswith(b"PK\x05\x06"):
        return zip_kind(raw)
    if raw.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return compound_kind(raw)
    if raw.lstrip()[:6].lower().startswith(b"{\\rtf"):
        return "rtf"
    for start, told in NOT_READ:
        if raw.startswith(start) and (len(start) > 2 or b"\0" in raw[:512]):
            raise ReadError(f"it is {told}.")
    if raw[4:8] == b"ftyp":
        raise ReadError("it is a film or picture (MP4).")
    return mail_kind(raw, suffix_of(name))


def zip_kind(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
            mime = b""
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    mime = file.read(80)
    except DAMAGE as error:
        raise ReadError("it is a ZIP archive (Office files are ones, too) that is cut off or damaged.") from error
    if mime.startswith(b"application/epub"):
        return "epub"
    if mime.startswith(b"application/vnd.oasis"):
        raise ReadError("it is an OpenDocument file; save it as .docx, .xlsx or .pptx first.")
    if "[Content_Types].xml" in names:
        for folder, kind in (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx")):
            if any(name.startswith(folder) for name in names):
                if kind == "xlsx" and "xl/workbook.bin" in names:
                    raise ReadError("it is a binary Excel workbook (.xlsb); save it as .xlsx first.")
                return kind
    if "META-INF/container.xml" in names:
        return "epub"
    return "zip"


def compound_kind(raw: bytes) -> str:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(raw)) as compound:
            names = {entry[0].lower() for entry in compound.listdir(streams=True, storages=True)}
    except Exception as error:
        raise ReadError("it is an old Office file that is cut off or damaged.") from error
    if "encryptedpackage" in names:
        raise ReadError("it is locked with a password; save it without one first.")
    if "__properties_version1.0" in names:
        return "msg"
    if names & {"workbook", "book"}:
        return "xls"
    if "worddocument" in names:
        raise ReadError("it is an old Word document (.doc); save it as .docx first.")
    if "powerpoint document" in names:
        raise ReadError("it is an old PowerPoint presentation (.ppt); save it as .pptx first.")
    raise ReadError("it is an old Office file of a kind that VoiceLab does not read.")


def mail_kind(raw: bytes, suffix: str) -> str:
    head = raw[:16_384].lstrip()
    if head.startswith((b"<", b"{", b"[")):
        return ""
    found = {match[1].lower() for match in HEADER.finditer(head.replace(b"\r", b"").partition(b"\n\n")[0])}
    sure = {b"from", b"date", b"received", b"message-id", b"mime-version"}
    if head.startswith(b"From ") and (suffix == ".mbox" or raw.count(b"\nFrom ") and len(found & sure) >= 2):
        return "mbox"
    starts = HEADER.match(head) is not None or head.startswith(b"From ")
    return "eml" if starts and (len(found) >= 3 and found & sure or (found and suffix == ".eml")) else ""


def text_kind(text: str, name: str) -> str:
    """The kind of a decoded text."""
    suffix = suffix_of(name)
    promised = SUFFIXES.get(suffix, "")
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<") and (kind := markup_kind(start, promised)):
        return kind
    if start.startswith(("{", "[")) and promised != "markdown" and (kind := json_kind(start, promised)):
        return kind
    if promised in ("csv", "tsv"):
        return "tsv" if delimiter_of(text) == "\t" else "csv"
    if promised in ("markdown", "json", "jsonl"):
        return promised
    if len(MARKUP.findall(text[:100_000])) > 2:
        return "html"
    if start.startswith("---") and re.match(r"---\s*\n(?:[\w-]+:.*\n)", start):
        return "markdown"
    return "csv" if looks_like_table(text) else "text"


def markup_kind(start: str, promised: str) -> str:
    rest, is_xml, is_html = start, start.startswith("<?xml"), False
    while match := PROLOG.match(rest):
        is_xml |= match[0].lstrip().startswith("<?xml")
        is_html |= match[0].lstrip()[:14].lower() == "<!doctype html"
        rest = rest[match.end() :]
    if is_html:
        return "html"
    root = ROOT.match(rest)
    tag = root[1].lower() if root else ""
    local = tag.rpartition(":")[2]
    if local in ("rss", "rdf"):
        return "rss"
    if local == "feed":
        return "atom"
    if local in ("html", "body"):
        return "html"
    if promised == "markdown":
        return "markdown"
    if is_xml or promised in ("xml", "rss", "atom"):
        return "xml"
    return "html" if local in HTML_TAGS or promised == "html" else ""


def json_kind(start: str, promised: str) -> str:
    try:
        json.loads(start)
        return "jsonl" if promised == "jsonl" and start.startswith("{") else "json"
    except (ValueError, RecursionError):
        pass
    first = start.partition("\n")[0]
    try:
        return "jsonl" if isinstance(json.loads(first), dict) else ""
    except (ValueError, RecursionError):
        return promised if promised in ("json", "jsonl") else ""


def delimiter_of(text: str) -> str:
    """Comma, semicolon, tab or bar: the one that parts the first line most often."""
    first = next((line for line in text.splitlines()[:20] if line.strip()), "")
    return max(",;\t|", key=lambda mark: (first.count(mark), mark == ","))


def looks_like_table(text: str) -> bool:
    """A plain text whose first line names columns, one of them for copy, and whose next rows have as many."""
    mark = delimiter_of(text)
    try:
        rows = [row for row in islice(csv.reader(io.StringIO(text[:20_000]), delimiter=mark), 4) if row]
    except csv.Error:
        return False
    names = [name.strip().lower() for name in rows[0]] if rows else []
    return len(names) > 1 and bool(set(names) & set(COPY_COLUMNS)) and {len(row) for row in rows[:3]} == {len(names)}
