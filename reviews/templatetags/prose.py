"""Guidelines and fact sheets are Markdown: `{{ voice.guidelines|prose }}`."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()
# Markup and images that somebody wrote into the text stay text: no HTML, and no request to another host.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


@register.filter
def prose(text: str) -> SafeString:
    tokens = MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"  # below the page's own headings, whatever level the writer chose
    html: str = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return mark_safe(html)
