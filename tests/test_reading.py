"""Files of every kind in, plain documents out."""

import csv
from pathlib import Path

import pytest

from tests.documents import ASCII, EML, LINE, OATS, PAGE, compound, docx, every_kind, pdf, saved, zipped
from training.corpus.passages import pieces
from training.corpus.reading.document import Block
from training.corpus.reading.encodings import decode
from training.corpus.reading.read import read

KINDS = every_kind()
DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"
INDEX = list(csv.DictReader((DOCUMENTS / "INDEX.csv").open(encoding="utf-8"))) if DOCUMENTS.exists() else []


def one(name, raw):
    [reading] = read(name, raw)
    return reading


def blocks(name, raw):
    [document] = one(name, raw).documents
    return [(block.kind, block.text) for block in document.blocks]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "zip"])
def test_the_text_of_every_kind_comes_out_whole_and_without_markup(kind):
    reading = one(*KINDS[kind])
    assert (reading.outcome, reading.kind, reading.reason, reading.problems) == ("text", kind, "", ())
    document = reading.documents[-1]
    expected = ASCII if kind == "pdf" else LINE
    assert [block.text for block in document.blocks if len(block.text) > 20] == [expected]
    assert document.title == "Rye"
    assert not any(mark in reading.text for mark in "<>{}\\|") or kind == "docx"


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"markdown", "text", "csv", "tsv", "html", "xml", "jsonl", "zip"}))
@pytest.mark.parametrize("ending", [".docx", ".txt", ".png", ""])
def test_a_file_is_what_it_holds_whatever_its_name(kind, ending):
    reading = one(f"copy{ending}", KINDS[kind][1])
    assert (reading.outcome, reading.kind) == ("text", kind)
    said = "named .docx, read as" in " ".join(reading.documents[0].changes)
    assert said == (ending == ".docx" and kind != "docx")


@pytest.mark.skipif(not INDEX, reason="the real documents lie in shared/, which is not here")
@pytest.mark.parametrize("row", INDEX, ids=lambda row: row["file"])
def test_real_documents_give_their_text_or_a_reason(row):
    reading = one(row["file"], (DOCUMENTS / row["file"]).read_bytes())
    expected = {"text": ["text"], "refuse": ["refused"], "text or refuse": ["text", "refused"]}[row["expected"]]
    assert reading.outcome in expected
    if reading.outcome == "text":
        assert row["must_contain"] in reading.text
    else:
        assert reading.reason.endswith(".") and not reading.documents


def test_the_files_of_an_archive_are_read_one_by_one():
    files = {"a/rye.md": LINE.encode(), "b.png": b"\x89PNG\r\n", "c.zip": zipped({"d.txt": b"x"}), "__MACOSX/e": b"x"}
    found = {reading.name: reading for reading in read("all.zip", zipped(files))}
    assert found["all.zip/a/rye.md"].text == LINE and found["all.zip/a/rye.md"].raw == LINE.encode()
    assert found["all.zip/b.png"].reason == "it is a PNG picture."
    assert found["all.zip/c.zip"].reason == "it is an archive inside an archive; unpack it first."
    assert len(found) == 3


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"  \n", "the file is empty."),
        (b"PK\x03\x04\x00\x00", "cut off or damaged"),
        (b"%PDF-1.7\n", "it is a PDF that is cut off or damaged"),
        (pdf(b"0 0 m 9 9 l S"), "without a text layer"),
        (b"x" * 5000 + b"\0", "it is not text (it holds zero bytes)."),
        (b"\x89PNG\r\n\x1a\n", "it is a PNG picture."),
        (compound({"WordDocument": b""}), "it is an old Word document (.doc); save it as .docx first."),
        (compound({"EncryptedPackage": b""}), "it is locked with a password"),
        (zipped({}), "it is a ZIP archive without files."),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "defines entities of its own"),
        (b"---\ntitle: x\n---\n", "there is no text in it"),
        (b"From: a@example.com\nTo: b@example.com\nSubject: x\n\n", "it is an e-mail without text."),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "OpenDocument"),
    ],
)
def test_a_refusal_names_its_reason(raw, reason):
    reading = one("copy", raw)
    assert reading.outcome == "refused" and reason in reading.reason


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (LINE, "utf-8-sig", "utf-8-sig"),
        (LINE, "utf-16", "utf-16"),
        (LINE, "utf-16-le", "utf-16-le"),
        (LINE, "utf-16-be", "utf-16-be"),
        (LINE, "utf-32-le", "utf-32-le"),
        (LINE, "cp1252", "cp1252"),
        ("¿Qué tal? Mañana abrimos a las cuatro, señora.", "cp1252", "cp1252"),
        ("Le café de l’hôtel est fermé à Noël, mais le garçon reste là.", "cp1252", "cp1252"),
        ("Nasza piekarnia otwiera się o czwartej, zażółć gęślą jaźń.", "cp1250", "cp1250"),
        ("Fırınımız sabah dörtte açılır, ekmeğimiz sıcaktır, şeker değil.", "cp1254", "cp1254"),
        ("Наша булочная открывается в четыре утра, и хлеб тёплый.", "cp1251", "cp1251"),
        ("Наша булочная открывается в четыре утра, и хлеб тёплый.", "koi8_r", "koi8_r"),
        ("Ο φούρνος μας ανοίγει στις τέσσερις το πρωί.", "cp1253", "cp1253"),
        ("המאפייה שלנו נפתחת בארבע בבוקר.", "cp1255", "cp1255"),
        ("名前は佐藤太郎です。パンは四時に焼きます。", "cp932", "cp932"),
        ("名前は佐藤太郎です。パンは四時に焼きます。", "euc_jp", "euc_jp"),
        ("名前は佐藤太郎です。パンは四時に焼きます。", "iso2022_jp", "iso-2022-jp"),
        ("我们的面包店早上四点开门，面包是热的。", "gb18030", "gb18030"),
        ("우리 빵집은 새벽 네 시에 문을 엽니다.", "cp949", "cp949"),
        ('<?xml version="1.0" encoding="iso-8859-2"?><p>Kovářů</p>', "iso8859_2", "iso-8859-2"),
    ],
)
def test_the_encoding_is_found(text, encoding, found):
    assert decode(text.encode(encoding)) == (text, found)


def test_a_cut_or_damaged_utf_8_file_costs_its_damaged_characters_alone():
    raw = ("£ " * 40).encode() + "£".encode()[:1]
    assert decode(raw) == ("£ " * 40 + "\ufffd", "utf-8")


def test_text_that_was_decoded_wrongly_before_is_mended():
    assert blocks("a.txt", "It\u00e2\u20ac\u2122s warm".encode()) == [("paragraph", "It’s warm")]
    assert blocks("a.txt", "Caf\xe9 \x96 open".encode("latin-1")) == [("paragraph", "Café – open")]
    feed = b"<rss><channel><item><description>don\xc2\x92t &#226;&#128;&#166;</description></item></channel></rss>"
    assert blocks("a.rss", feed) == [("paragraph", "don’t …")]


def test_a_page_keeps_headings_lists_and_calls_and_loses_what_stands_around():
    body = "".join(f"<p>{LINE.replace('four', word)}</p>" for word in ("four", "five", "six"))
    links = "".join(f"<li><a href='/{number}'>Menu entry {number}</a></li>" for number in range(12))
    page = (
        f"<html><title>Rye</title><body><div class='menu'><ul>{links}</ul></div><div><h1>Rye, warm</h1>{body}"
        f"<h2>To bring</h2><ul><li>a bag of your own<ul><li>or two</li></ul></li></ul>"
        f"<p><a href='/o'>Order now!</a></p><p>{OATS}</p></div>"
        "<div class='footer'><p>All rights reserved. <a href='/p'>Privacy</a></p></div></body></html>"
    )
    found = blocks("rye.html", page.encode())
    assert found[0] == ("heading", "Rye, warm") and found[-1] == ("paragraph", OATS)
    assert found[4:8] == [
        ("heading", "To bring"),
        ("item", "a bag of your own"),
        ("item", "or two"),
        ("paragraph", "Order now!"),
    ]


def test_a_short_page_is_read_by_its_markup():
    page = b"<html><title>Loaf</title><nav>Home</nav><main><h1>Loaf</h1><p>A loaf &amp; a half.</p></main></html>"
    assert blocks("loaf.html", page) == [("heading", "Loaf"), ("paragraph", "A loaf & a half.")]


def test_a_table_in_a_document_is_shown_and_never_becomes_copy():
    [document] = one("rye.docx", docx()).documents
    assert Block("Loaf | 3.50", "row") in document.blocks
    assert not any("3.50 |" in piece.text or "Loaf" in piece.text for piece in pieces(document))


def test_a_table_that_is_there_for_the_layout_is_copy():
    from docx import Document

    made = Document()
    made.add_table(1, 2).rows[0].cells[1].text = LINE
    assert blocks("rye.docx", saved(made)) == [("paragraph", LINE)]


def test_a_document_with_tracked_changes_reads_as_if_they_were_accepted():
    from docx import Document
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    made = Document()
    paragraph = made.add_paragraph("Warm ")._p
    paragraph.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>old </w:delText></w:r></w:del>"))
    paragraph.append(parse_xml(f"<w:moveFrom {nsdecls('w')}><w:r><w:t>gone </w:t></w:r></w:moveFrom>"))
    paragraph.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>rye</w:t></w:r></w:ins>"))
    assert blocks("rye.docx", saved(made)) == [("paragraph", "Warm rye")]


def test_lines_of_a_pdf_become_paragraphs_again():
    from training.corpus.reading.pdf import joined_lines

    lines = [
        "The oven",
        "We bake the rye at four in the morning and con-",
        "firm each order by hand, which is why it is warm.",
        "It sells fast.",
        "• Bring a bag of your own, or two of them if you",
        "have a friend.",
    ]
    assert joined_lines(lines) == [
        Block("The oven", "heading"),
        Block(
            "We bake the rye at four in the morning and confirm each order by hand, which is why it is warm. "
            "It sells fast."
        ),
        Block("Bring a bag of your own, or two of them if you have a friend.", "item"),
    ]


def test_what_stands_on_every_page_of_a_pdf_is_taken_off():
    from training.corpus.reading.pdf import without_furniture

    pages = [["The Mill Report", f"Text {word}.", f"Page {number} of 4"] for number, word in enumerate("abcd")]
    assert without_furniture(pages) == ([f"Text {word}." for word in "abcd"], True)
    assert without_furniture([["Text a.", "2"]]) == (["Text a."], True)
    assert without_furniture([["In 2024", "we won."], ["2024"]]) == (["In 2024", "we won."], True)


def test_the_lines_of_a_form_stay_lines():
    from training.corpus.reading.pdf import joined_lines

    lines = ["BOOKING ORDER", "Order / Rev:", "2024-12-5678", "Estimate:", "EST-456"]
    assert joined_lines(lines) == [Block(line) for line in lines]


def test_an_e_mail_gives_its_body_subject_and_date_without_signature_and_attachments():
    cell = f"<table><tr><td><p>{OATS.replace('£', '&pound;')}</p></td></tr></table>"
    message = f"""From: mill@example.com
Subject: =?utf-8?q?Rye_f=C3=BCr_alle?=
Date: Fri, 14 Mar 2025 09:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain

View this in your browser.
--y
Content-Type: text/html

{cell}
--y--
--x
Content-Type: application/pdf
Content-Disposition: attachment

JVBERi0=
--x--
"""
    [document] = one("news.eml", message.encode()).documents
    assert (document.title, document.date, document.channel) == ("Rye für alle", "2025-03-14T09:00:00+00:00", "email")
    assert [block.text for block in document.blocks] == [OATS]
    assert "attachments left out" in document.changes
    assert "The Mill" not in one("rye.eml", EML.encode()).text


def test_each_message_of_a_mailbox_and_each_entry_of_a_feed_is_a_document():
    assert [document.text for document in one(*KINDS["mbox"]).documents] == [OATS, LINE]
    [entry] = one(*KINDS["rss"]).documents
    assert (entry.date, entry.channel) == ("2025-03-14T09:00:00+00:00", "blog")


def test_prose_in_front_of_a_header_like_line_is_no_e_mail():
    assert one("note.txt", b"Subject: bread\n\nWarm rye.").kind == "text"


@pytest.mark.parametrize(
    ("name", "raw", "kind"),
    [
        ("a.txt", PAGE.encode(), "html"),
        ("a.csv", PAGE.encode(), "html"),
        ("a.txt", b'[{"text": "Warm rye."}]', "json"),
        ("a.json", b'{"text": "Warm rye."}\n{"text": "Oats."}\n', "jsonl"),
        ("a.txt", b"title\tcopy\nRye\tWarm.\n", "csv"),
        ("a.txt", b"Warm, round and brown,\nthe rye is here,\nat last.", "text"),
        ("a.txt", b"I <3 rye, and you < me.", "text"),
        ("a.md", b"<div>Warm</div>\n\n# Rye\n\nOats.", "markdown"),
        ("a.xml", b"<html><body><p>Warm rye.</p></body></html>", "html"),
    ],
)
def test_text_is_told_apart_by_what_it_says(name, raw, kind):
    assert one(name, raw).kind == kind


def test_a_bad_row_is_left_out_by_itself_and_named():
    rows = (
        "channel,topic,output\n"
        "ad,a bun,A bun on Friday.\n"
        ",a loaf,A loaf on Monday.\n"
        "fax,a roll,A roll.\n"
        f"ad,{'t' * 401},x\n"
        'ad,"a "pie,x\n'
        "social,a cake,A cake on Sunday.\n"
    )
    reading = one("posts.csv", rows.encode())
    assert [document.brief.topic for document in reading.documents] == ["a bun", "a cake"]
    told = sorted(map(str, reading.problems))
    assert told[0].startswith("row 3: channel is missing, and a topic needs one")
    assert told[1].startswith("row 4: channel is 'fax'")
    assert told[2].startswith("row 5: topic has 401 characters; use 400")
    assert told[3].startswith("row 6: it is not readable as CSV")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{oops", "line 2: it is not JSON"),
        ("[" * 100_000, "line 2: it is not JSON"),
        ('{"text": ' + "5" * 5000 + "}", "line 2: it is not JSON"),
        ('"words"', "line 2: it is not an object in braces."),
        ('{"title": "Rye"}', "row 2: it has no text."),
        ('{"text": 5}', "row 2: text is not text."),
        ('{"text": "a\\ud800b"}', "row 2: text holds characters that are no text"),
        ('{"text": "x", "topic": "t", "channel": "fax"}', "row 2: channel is 'fax'"),
        ('{"text": "x", "topic": "t"}', "row 2: channel is missing"),
        ('{"text": "x", "topic": "a\\u0000", "channel": "ad"}', "row 2: topic holds characters"),
        ('{"text": "x", "topic": "a", "channel": "ad", "facts": {"a": 1}}', "row 2: facts is not a list"),
    ],
)
def test_a_bad_line_is_left_out_by_itself_and_named(line, problem):
    reading = one("posts.jsonl", f'{{"text": "Warm rye."}}\n{line}\n{{"text": "Oats."}}\n'.encode())
    assert [document.text for document in reading.documents] == ["Warm rye.", "Oats."]
    assert str(reading.problems[0]).startswith(problem) and len(reading.problems) == 1


def test_a_file_of_bad_rows_alone_is_refused_with_the_first():
    reading = one("posts.jsonl", b'{"text": 5}\n{oops\n')
    assert (
        reading.reason == "line 2: it is not JSON (Expecting property name enclosed in double quotes). 1 more like it."
    )


def test_a_row_brings_its_title_date_and_channel():
    rows = 'headline;published;channel;body\n"Rye";2025-03-14;Instagram;"<p>Warm</p><p>rye &amp; oats</p>"\n'
    [document] = one("posts.csv", rows.encode()).documents
    assert (document.title, document.date, document.channel) == ("Rye", "2025-03-14", "Instagram")
    assert document.blocks == [Block("Warm"), Block("rye & oats")]


def test_a_table_whose_columns_do_not_tell_gives_its_column_of_prose():
    reading = one("answers.csv", f"Input.id,Input.answer\n1,{ASCII.replace(',', ';')}\n2,\n".encode())
    assert [document.text for document in reading.documents] == [ASCII.replace(",", ";")]
    assert "copy taken from the column input.answer" in reading.documents[0].changes


def test_a_table_without_copy_is_shown_as_one():
    assert blocks("people.csv", "名前,年齢\n佐藤太郎,30\n".encode("cp932")) == [("row", "名前: 佐藤太郎 | 年齢: 30")]
