"""A small file of every kind that VoiceLab reads, made here; each holds `LINE` once, under the title "Rye"."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib

LINE = "We bake the rye at four in the morning, every day but Sunday, and sell it warm for £3.50 until it is gone."
END, NONE = 0xFFFFFFFE, 0xFFFFFFFF  # of a chain of sectors; no sector
ASCII = LINE.replace("£", "$")


def docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Rye", 1)
    document.add_paragraph(LINE)
    document.add_paragraph("by hand", style="List Bullet")
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Loaf", "3.50"
    return saved(document)


def pptx() -> bytes:
    import pptx

    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Rye"
    slide.placeholders[1].text = LINE
    slide.notes_slide.notes_text_frame.text = "Speak up."
    return saved(show)


def xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["Title", "Copy", "Price"], ["Rye", LINE, 3.5]):
        book.active.append(row)
    return saved(book)


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf(content: bytes = b"") -> bytes:
    shown = f"BT /F1 12 Tf 72 720 Td (Rye) Tj 0 -20 Td ({ASCII[:39]}) Tj 0 -14 Td ({ASCII[40:]}) Tj ET"
    packed = zlib.compress(content or shown.encode())
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    raw, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(raw))
        raw += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(raw)
    return raw + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return file.getvalue()


def epub() -> bytes:
    container = b'<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    package = (
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Bread</dc:title></metadata>'
        '<manifest><item id="a" href="one%20two.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    chapter = f"<html><head><title>x</title></head><body><h1>Rye</h1><p>{LINE}</p></body></html>"
    return zipped(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container,
            "OEBPS/book.opf": package.encode(),
            "OEBPS/one two.xhtml": chapter.encode(),
        }
    )


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE2 compound file ([MS-CFB]) with one sector of links; streams are padded, so that none is a mini stream."""
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    sectors = -(-(len(names) + 1) // 4)  # of the directory, four entries each
    links = [0xFFFFFFFD, *range(2, 1 + sectors), END]
    directory, body = entry("Root Entry", 5, child=1, start=END), b""
    for number, name in enumerate(names, start=1):
        data = streams[name].ljust(-(-max(len(streams[name]), 4096) // 512) * 512, b"\0")
        right = number + 1 if number < len(names) else NONE
        directory += entry(name, 2, right=right, start=len(links), size=len(data))
        links += [*range(len(links) + 1, len(links) + len(data) // 512), END]
        body += data
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[NONE] * 108)
    table = struct.pack("<128I", *links, *[NONE] * (128 - len(links)))
    return head + table + directory.ljust(sectors * 512, b"\0") + body


def entry(name: str, kind: int, *, right: int = NONE, child: int = NONE, start: int, size: int = 0) -> bytes:
    spelt = name.encode("utf-16-le")
    numbers = struct.pack("<HBBIII", len(spelt) + 2, kind, 1, NONE, right, child)
    return spelt.ljust(64, b"\0") + numbers + bytes(36) + struct.pack("<IQ", start, size)


def msg() -> bytes:
    sent = b"\x40\x00\x39\x00" + bytes(4) + struct.pack("<Q", 132_539_328_000_000_000)  # 2021-01-01
    return compound(
        {
            "__properties_version1.0": bytes(32) + sent,
            "__substg1.0_0037001F": "Rye".encode("utf-16-le"),
            "__substg1.0_1000001F": LINE.encode("utf-16-le"),
        }
    )


def xls() -> bytes:
    """A BIFF8 workbook with one sheet of text cells."""

    def record(code: int, data: bytes) -> bytes:
        return struct.pack("<HH", code, len(data)) + data

    def label(row: int, column: int, text: str) -> bytes:
        return record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))

    cells = [(0, 0, "Title"), (0, 1, "Copy"), (1, 0, "Rye"), (1, 1, LINE)]
    book, sheet = (record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1997, 0, 6)) for kind in (5, 16))
    end = record(0x0A, b"")
    place = len(book) + 4 + 13 + len(end)
    bound = record(0x85, struct.pack("<IHBB", place, 0, 5, 0) + b"Posts")
    return compound({"Workbook": book + bound + end + sheet + b"".join(label(*cell) for cell in cells) + end})


RSS = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    "<title>News</title><item><title>Rye</title><pubDate>Fri, 14 Mar 2025 09:00:00 GMT</pubDate>"
    f"<description>Short.</description><content:encoded><![CDATA[<p>{LINE}</p>]]></content:encoded></item></channel></rss>"
)
ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><title>Rye</title>'
    f'<updated>2025-03-14T09:00:00Z</updated><content type="html">&lt;p&gt;{LINE}&lt;/p&gt;</content></entry></feed>'
)
EML = (
    "From: Mill <mill@example.com>\r\nTo: all@example.com\r\nSubject: =?UTF-8?Q?Rye?=\r\n"
    "Date: Fri, 14 Mar 2025 09:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{LINE}\r\n-- \r\nThe Mill\r\n"
)
PAGE = (
    "<!doctype html><html><head><title>Rye</title></head><body><nav><a href='/'>Home</a></nav><main><h1>Rye</h1>"
    f"<p>{LINE}</p></main><footer>All rights reserved.</footer><script>track()</script></body></html>"
)
OATS = LINE.replace("rye", "oat bread")


def every_kind() -> dict[str, tuple[str, bytes]]:
    """Kind -> a file's name and bytes."""
    files = {
        "markdown": ("rye.md", f"---\ntitle: Rye\n---\n\n{LINE}\n".encode()),
        "html": ("rye.html", PAGE.encode()),
        "text": ("Rye.txt", LINE.encode()),
        "rtf": (
            "Rye.rtf",
            rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 "
            + LINE.replace("£", r"\'a3").encode()
            + rb"\par {\*\generator x}}",
        ),  # fmt: skip
        "docx": ("rye.docx", docx()),
        "pdf": ("Rye.pdf", pdf()),
        "pptx": ("rye.pptx", pptx()),
        "xlsx": ("rye.xlsx", xlsx()),
        "xls": ("rye.xls", xls()),
        "epub": ("rye.epub", epub()),
        "csv": ("rye.csv", f'title;copy\nRye;"{LINE}"\n'.encode()),
        "tsv": ("rye.tsv", f"title\tcopy\nRye\t{LINE}\n".encode()),
        "json": ("rye.json", json.dumps({"posts": [{"title": "Rye", "body": LINE}]}).encode()),
        "jsonl": ("rye.jsonl", (json.dumps({"title": "Rye", "text": LINE}) + "\n").encode()),
        "eml": ("rye.eml", EML.encode()),
        "msg": ("rye.msg", msg()),
        "mbox": (
            "rye.mbox",
            (f"From mill Fri Mar 14 09:00:00 2025\n{EML}\n\nFrom mill Fri Mar 14 09:01:00 2025\n{EML}")
            .replace("\r\n", "\n")
            .encode()
            .replace(LINE.encode(), OATS.encode(), 1),
        ),  # fmt: skip
        "rss": ("rye.rss", RSS.encode()),
        "atom": ("rye.atom", ATOM.encode()),
        "xml": ("rye.xml", f"<?xml version='1.0'?><copy><title>Rye</title><p>{LINE}</p></copy>".encode()),
    }
    return {**files, "zip": ("all.zip", zipped({"posts/rye.md": files["markdown"][1], "rye.pdf": files["pdf"][1]}))}
