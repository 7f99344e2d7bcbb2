"""Markup that reading left behind: front matter, template tags, shortcodes, HTML, Markdown, tracking in links."""

from __future__ import annotations

import html
import re

from training.corpus.cleaning.edits import Edit, disjoint, removals, substitute
from training.corpus.cleaning.settings import Settings


def words(names: str) -> frozenset[str]:
    return frozenset(names.split())


KEY = r"[a-z][a-z0-9_-]{1,30}:"
FRONT_MATTER = re.compile(
    rf"\A\s*(?P<fence>---|\+\+\+)[ \t]*\n(?=\s*[\w-]+\s*[:=]).{{0,20000}}?\n(?P=fence)[ \t]*(?:\n\s*|\Z)"
    rf"|\A\s*--- {KEY} .{{0,20000}}? ---(?:\s+|\Z)"
    rf"|\A(?:(?:layout|title|date|tags?|authors?|excerpt|description|image|categor(?:y|ies)|slug|draft|permalink"
    rf"|hero|published|lang|weight):[^\n]*(?:\n(?:- |  )[^\n]*)*(?:\n+|\Z)){{3,}}",
    re.DOTALL,
)
ATTRIBUTE = r"""\s+[\w-]+=(?:"[^"\]]*"|'[^'\]]*'|[^\s"'\]]+)"""
SHORTCODES = r"gallery|caption|embed|video|audio|playlist|toc|contact-form-7|(?:vc|et_pb|fusion|su)_\w+"
TEMPLATE_TAG = re.compile(
    r"\{%.{0,500}?%\}|\{\{.{0,500}?\}\}|\{#.{0,500}?#\}|<%.{0,500}?%>|<\?(?:php|=).{0,2000}?\?>"
    r"|\{:\s*[#.\w][^{}\n]{0,200}\}|\*\|[A-Z0-9_:]{2,60}\|\*|%%[a-z_]{2,40}%%"
    rf"|\[/?[a-z][\w-]*(?:{ATTRIBUTE}){{1,20}}\s*/?\]|\[/?(?:{SHORTCODES})(?:\s[^\[\]\n]*)?/?\]",
    re.DOTALL,
)
OPENED = re.compile(rf"\[([a-z][\w-]*){ATTRIBUTE}")
BLOCK_TAGS = words(
    "p div h1 h2 h3 h4 h5 h6 ul ol dl dt dd table thead tbody tfoot tr caption figure figcaption hr blockquote pre "
    "section article header footer nav main aside address form fieldset"
)
INLINE_TAGS = words(
    "a b i u s em strong small big sub sup q code kbd samp var abbr cite del ins mark time font center span img br li "
    "td th iframe input button label select option textarea video audio source svg path object embed picture"
)
TAG = re.compile(
    r"<!--.{0,5000}?-->|<(?P<hidden>script|style)\b[^>]{0,500}>.{0,20000}?</(?P=hidden)\s*>|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,12})"
    r"(?P<rest>\s[^<>]{0,2000}|\s*/)?>",
    re.DOTALL | re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,10}|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});")
TARGET = r"\((?P<target>[^()\n]{0,1000}(?:\([^()\n]{0,200}\)[^()\n]{0,200}){0,5})\)"
IMAGE = re.compile(rf"!\[[^\[\]\n]{{0,500}}\]{TARGET}")
LINK = re.compile(rf"(?<!!)\[(?P<text>[^\[\]\n]{{1,300}})\](?:{TARGET}|\[[^\[\]\n]{{0,200}}\])")
AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>")
DEFINITION = re.compile(r"^\[[^\[\]\n^]+\]:[ \t]+<?(?:https?://|/|#|mailto:)\S*[^\n]*\n*", re.MULTILINE)
FOOTNOTE = re.compile(r"\[\^[\w-]{1,20}\](?::[ \t]*)?")
HEADING = re.compile(r"^#{1,6}[ \t]+(?=\S[^#\n]*#*$)|(?<=\S)[ \t]+#{2,6}[ \t]*$", re.MULTILINE)
RULE = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|={3,}|```[\w+-]{0,20}|~~~[\w+-]{0,20})[ \t]*(?:\n+|\Z)", re.MULTILINE)
STRONG = re.compile(
    r"\*\*(?=[^\s*])(?P<star>[^*\n]+)(?<=[^\s*])\*\*(?!\*)"
    r"|(?<![\w_])__(?=[^\s_])(?P<line>[^_\n ]{1,40}(?: [^_\n ]{1,40}){1,12})(?<=[^\s_])__(?![\w_])"
    r"|(?<!`)`(?=[^\s`])(?P<code>[^`\n]+)`(?!`)"
)
QUOTED = re.compile(r"^>[ \t]+(?=[^\s\d])", re.MULTILINE)
DIVIDER = re.compile(r"(?:\|[ \t]*)?:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)*\|")
DEFINED = re.compile(r"^:[ \t]+(?=\S)", re.MULTILINE)
GAP = re.compile(
    r"(?:(?:^|\s)(?:and|at|by|from|of|or|said|to|with)|\w:|\s[-–—])[ ][,.;](?=\s|\Z)|,[ ]+,(?=\s|\Z)", re.MULTILINE
)
URL = re.compile(r"https?://[^\s<>\"')\]?]{1,1000}\?[^\s<>\"')\]]{1,2000}")
TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|msclkid|yclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|hsctatracking|mkt_tok"
    r"|vero_id|vero_conv|oly_anon_id|oly_enc_id|wickedid|s_cid|trk|trkinfo|ref_src|ref_url|__s|_openstat",
    re.IGNORECASE,
)


def front_matter(text: str, settings: Settings) -> list[Edit]:
    return substitute(FRONT_MATTER, text, "")


def template_tags(text: str, settings: Settings) -> list[Edit]:
    opened = set(OPENED.findall(text))
    return disjoint(removals(TEMPLATE_TAG, text) + [edit for name in opened for edit in removals(closing(name), text)])


def closing(name: str) -> re.Pattern[str]:
    return re.compile(rf"\[/{re.escape(name)}\]")


def markup(text: str, settings: Settings) -> list[Edit]:
    """HTML and Markdown to plain text; paragraphs and lists stay, a `<3`, a `*wink*` and a `<name>` do as well."""
    edits = html_tags(text) if "<" in text else []
    if "&" in text:
        edits += substitute(ENTITY, text, lambda match: html.unescape(match[0]))
    if "[" in text:
        edits += removals(IMAGE, text)
        edits += substitute(LINK, text, linked)
        edits += substitute(DEFINITION, text, "")
        edits += removals(FOOTNOTE, text)
    edits += substitute(AUTOLINK, text, lambda match: match[1].removeprefix("mailto:"))
    edits += substitute(HEADING, text, "")
    edits += substitute(RULE, text, "")
    edits += substitute(STRONG, text, lambda match: match["star"] or match["line"] or match["code"])
    edits += substitute(QUOTED, text, "")
    edits += substitute(DEFINED, text, "")
    if "|" in text:
        edits += table_rows(text)
    return disjoint(edits)


def linked(match: re.Match[str]) -> str | None:
    """A link's words, if it is one: brackets that an editor set in a quotation stay."""
    target = match["target"]
    if target is None:
        return match["text"] if re.search(r"[^\W\d_]", match["text"]) else None
    is_address = not target.strip() or re.search(r"[/.#\"]|^\s*mailto:", target)
    return match["text"] if is_address else None


def html_tags(text: str) -> list[Edit]:
    """Tags that are markup: with attributes, in pairs, or such as break lines. `an <img> tag` is copy."""
    found = list(TAG.finditer(text))
    closed = {match["name"].lower() for match in found if match["name"] and match["close"]}
    edits: list[Edit] = []
    names: list[str] = []
    for match in found:
        name = (match["name"] or "").lower()
        if name and name not in BLOCK_TAGS and name not in INLINE_TAGS:
            continue
        is_markup = not name or match["close"] or "=" in (match["rest"] or "") or name in closed
        if not is_markup and name not in ("br", "hr", "p", "li"):
            continue
        kind = "-" if name == "li" and not match["close"] else " " if name in ("td", "th") else ""
        kind = "p" if name in BLOCK_TAGS else "br" if name == "br" else kind
        if edits and not text[edits[-1].end : match.start()].strip():
            names[-1] += f" {kind}"
            edits[-1] = Edit(edits[-1].start, match.end(), "")
        else:
            names.append(kind)
            edits.append(Edit(match.start(), match.end(), ""))
    return [spaced(text, edit, kinds) for edit, kinds in zip(edits, names, strict=True)]


def spaced(text: str, edit: Edit, kinds: str) -> Edit:
    """What stands where a run of tags was: a list item, a paragraph, a line break, a space, or nothing."""
    start, end = edit.start, edit.end
    inner = "".join(part for part in re.split(r"<[^<>]*>", text[start:end]) if not part.strip())
    breaks = "-" in kinds or "p" in kinds or "br" in kinds.split()
    if breaks:
        start = len(text[:start].rstrip())
        end += len(text[end:]) - len(text[end:].lstrip())
    if "-" in kinds:
        return Edit(start, end, "- " if start == 0 else "\n\n- " if "p" in kinds else "\n- ")
    if start == 0 or end == len(text):
        return Edit(start, end, "")
    if breaks:
        return Edit(start, end, "\n\n" if "p" in kinds or "\n\n" in inner else "\n")
    return Edit(start, end, " " if inner or " " in kinds else "")


def table_rows(text: str) -> list[Edit]:
    """A Markdown table's rows as lines with commas, in a text that bears the line under such a table's head."""
    edits = substitute(DIVIDER, text, "")
    if not edits:
        return []
    edits += substitute(re.compile(r"[ \t]*\|[ \t]*\n?[ \t]*\|[ \t]*(?![ \t:]*-{3})"), text, "\n")
    edits += substitute(re.compile(r"^[ \t]*\|[ \t]*|[ \t]*\|[ \t]*$", re.MULTILINE), text, "")
    return edits + substitute(re.compile(r"(?<=[^\s|])[ \t]*\|[ \t]*(?=[^\s|:-])"), text, ", ")


def has_gap(text: str, language: str, settings: Settings) -> bool:
    """Whether words are missing before a comma or stop: a template would have set them."""
    return bool(GAP.search(text))


def tracking(text: str, settings: Settings) -> list[Edit]:
    return substitute(URL, text, lambda match: untracked(match[0])) if "?" in text else []


def untracked(url: str) -> str:
    """The address without the parameters that only say where a reader came from; the others keep their order."""
    stop = url[len(url.rstrip(".,;:!?")) :]
    address, _, fragment = url.removesuffix(stop).partition("#")
    page, _, query = address.partition("?")
    kept = [part for part in re.split(r"&(?:amp;)?", query) if not TRACKING.fullmatch(part.split("=")[0])]
    if len(kept) == len(re.split(r"&(?:amp;)?", query)):
        return url
    return page + ("?" + "&".join(kept) if kept else "") + ("#" + fragment if fragment else "") + stop
