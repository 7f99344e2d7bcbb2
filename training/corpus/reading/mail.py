"""E-mail: one message, a mailbox of them, an Outlook message. The body is the copy, the subject its title."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from typing import Any

from training.corpus.reading.document import Block, Document, Problem, ReadError, paragraphs, plain
from training.corpus.reading.encodings import decode
from training.corpus.reading.pages import fragment

SEPARATOR = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\r\n]*\d{1,2}:\d{2}[^\r\n]*\r?\n")
SIGNATURE = "\n-- \n"
POOR = 20  # words below which a plain part is a stub ("view this in your browser") if the HTML part has more


def read_eml(raw: bytes, name: str) -> Iterator[Document]:
    yield message_document(re.sub(rb"\A\s*From [^\n]*\n", b"", raw), name)


def read_mbox(raw: bytes, name: str) -> Iterator[Document | Problem]:
    parts = [part for part in SEPARATOR.split(raw) if part.strip()]
    for number, part in enumerate(parts, start=1):
        try:
            yield message_document(re.sub(rb"^>(>*From )", rb"\1", part, flags=re.MULTILINE), name)
        except ReadError as error:
            yield Problem(f"message {number}", str(error))


def message_document(raw: bytes, name: str) -> Document:
    message: Message = message_from_bytes(raw, policy=policy.compat32)
    text = html = ""
    changes = []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            if part.get_content_maintype() != "multipart" and "attachments left out" not in changes:
                changes.append("attachments left out")
        elif kind == "text/plain":
            text += body_of(part) + "\n\n"
        else:
            html += body_of(part)
    blocks = text_blocks(text)
    if html and count_words(blocks) < POOR:
        marked = fragment(html)
        if count_words(marked) > count_words(blocks):
            blocks = marked
            changes.append("HTML taken off")
    if not blocks:
        raise ReadError("it is an e-mail without text.")
    subject = header(message, "Subject")
    return Document(subject or name, blocks, changes=changes, date=date_of(message), channel="email")


def text_blocks(text: str) -> list[Block]:
    """A body's paragraphs, without the signature below the line that marks one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [Block(block.text) for block in paragraphs(re.sub(r"\n[ \t]+\n", "\n\n", text.partition(SIGNATURE)[0]))]


def count_words(blocks: list[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks)


def body_of(part: Message) -> str:
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        raw = None
    if not isinstance(raw, bytes):
        raw = str(part.get_payload()).encode("utf-8", errors="replace")
    charset = re.sub(r"[^\w.:-]", "", str(part.get_content_charset() or ""))
    if charset.lower() not in ("", "us-ascii", "ascii"):
        try:
            return raw.decode(charset)
        except (LookupError, ValueError):
            pass
    return decode(raw)[0] if raw else ""


def header(message: Message, name: str) -> str:
    """A header with its encoded words decoded, whatever its defects."""
    value = str(message.get(name) or "")
    try:
        whole: EmailMessage = EmailMessage(policy=policy.default)
        whole[name] = re.sub(r"\s+", " ", value)
        return plain(str(whole[name]))
    except Exception:  # the header parser fails on some of what real mail holds
        return plain(value)


def date_of(message: Message) -> str:
    try:
        return parsedate_to_datetime(str(message["Date"])).isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return ""


def read_msg(raw: bytes, name: str) -> Iterator[Document]:
    """The properties of an Outlook message ([MS-OXMSG] 2.1.3): subject, body as text or HTML, time of sending."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(raw)) as compound:
        subject = plain(property_text(compound, "0037"))
        text, html = property_text(compound, "1000"), property_text(compound, "1013")
        only_rtf = compound.exists("__substg1.0_10090102")
        date = sent(compound)
    blocks = text_blocks(text) or fragment(html)
    if not blocks:
        told = "only as compressed rich text" if only_rtf else "not at all"
        raise ReadError(f"it is an Outlook message that holds its text {told}; save it as .eml or .txt first.")
    yield Document(subject or name, blocks, date=date, channel="email")


def property_text(compound: Any, tag: str) -> str:
    """001F is UTF-16, 001E the sender's code page, 0102 bytes (HTML declares its own encoding)."""
    for ending, encoding in (("001F", "utf-16-le"), ("001E", ""), ("0102", "")):
        path = f"__substg1.0_{tag}{ending}"
        if compound.exists(path):
            raw = compound.openstream(path).read()
            if raw:
                return str(raw.decode(encoding, errors="replace") if encoding else decode(raw.rstrip(b"\0"))[0])
    return ""


def sent(compound: Any) -> str:
    """PidTagClientSubmitTime (0x0039) as a FILETIME: tenths of a microsecond since 1601."""
    stream = compound.openstream("__properties_version1.0").read()[32:]
    for start in range(0, len(stream) - 15, 16):
        if stream[start : start + 4] == b"\x40\x00\x39\x00":
            ticks = int.from_bytes(stream[start + 8 : start + 16], "little")
            try:
                return (datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)).isoformat()
            except OverflowError:
                return ""
    return ""
