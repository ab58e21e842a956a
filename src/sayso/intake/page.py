"""Web pages: the article in the page, and what its head says of it."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING, Any

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.utils import load_html

from sayso.errors import IntakeError
from sayso.intake.article import Taken, taken
from sayso.intake.dates import parse_published
from sayso.intake.encoding import ByteStream, decode, read_whole
from sayso.intake.language import detect_language, normalise_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sayso.intake.options import IntakeOptions


# These log what we tell in rejections; without a handler Python prints it on stderr.
for _name in ("trafilatura", "htmldate", "courlan", "justext"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""")
# The longest live blogs have some 50,000; the time that extraction takes grows with the square.
_MAX_ELEMENTS = 100_000
# trafilatura's own elements, after TEI.
_BLOCKS = {"p", "head", "item", "quote", "list", "table", "row", "div", "ab"}
_BREAKS = {"lb": "\n", "cell": " "}
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|NewsItem|Review|WebPage)$")
_DATE_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "publication_date",
    "date_published",
    "article_date_original",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "citation_date",
    "date",
)


def read_page(stream: ByteStream, name: str, options: IntakeOptions) -> Taken:
    """The one article of a page."""
    page = page_of(read_whole(stream, options.max_bytes))
    # Templates say lang="en" of anything: the attribute counts only where nothing else tells.
    page["language"] = options.language or detect_language(page["text"]) or page["language"]
    page["outlet"] = page["outlet"] or options.outlet or _host(page["url"] or options.url)
    yield from taken(page, name, options, signed=False)


def _host(url: str | None) -> str | None:
    """``lantern.example`` of an address there: the least that tells outlets apart."""
    match = re.match(r"https?://(?:www\.)?([\w.-]+)", url or "", re.IGNORECASE)
    return match[1].lower() if match else None


def page_of(data: bytes) -> dict[str, Any]:
    """The mapping of a page: text, title, outlet, url, published, stated language.

    Raises:
        IntakeError: it is no page, or holds no article.
    """
    declared = _XML_CHARSET.search(data[:1024]) or _CHARSET.search(data[:8192])
    source = decode(data, declared[1].decode("ascii") if declared else None)
    tree = load_html(source)
    if tree is None:
        raise IntakeError("is no HTML")
    if (size := sum(1 for _ in tree.iter())) > _MAX_ELEMENTS:
        raise IntakeError(f"is a page of {size:,} elements; the limit is {_MAX_ELEMENTS:,}")
    head = _Head(tree)
    document: Any = bare_extraction(tree, include_comments=False, with_metadata=True)
    paragraphs = _paragraphs(document.body) if document is not None else []
    title = head.title() or (document.title if document is not None else None)
    text = "\n\n".join(_without_title(_rejoined(tree, paragraphs), title))
    if not text.strip():
        raise IntakeError("is a page without an article: no text was found in it")
    return {
        "text": text,
        "title": title,
        "outlet": head.outlet(),
        "url": head.url(),
        "published": head.published() or (document.date if document is not None else None),
        "language": normalise_language(tree.get("lang") or ""),
    }


def _paragraphs(body: Any) -> list[str]:
    """One string a block; a line end only where the page breaks a line inside one."""
    blocks: list[list[str]] = [[]]
    # Not recursive: hostile pages nest deeper than Python's stack.
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _BLOCKS:
            blocks.append([])
        elif element.tag in _BREAKS and event == "start":
            blocks[-1].append(_BREAKS[element.tag])
        text = (element.text if event == "start" else element.tail) or ""
        blocks[-1].append(re.sub(r"\s+", " ", text))
    lines = ([" ".join(line.split()) for line in "".join(block).split("\n")] for block in blocks)
    return [block for block in ("\n".join(filter(None, each)) for each in lines) if block]


def _rejoined(tree: html.HtmlElement, paragraphs: list[str]) -> list[str]:
    """With the parts of the story that the page keeps in further containers of the same class.

    trafilatura takes one container; pages cut by advertisements have several. Three of 227
    real pages lost half of their text so, and no page gained any that was not its own.
    """
    place = {_key(block): number for number, block in enumerate(paragraphs)}
    elements = [(element, _key(element.text_content())) for element in tree.iter("p")]
    kept = [element for element, key in elements if key in place]
    homes = Counter(_home(element) for element, key in elements if key in place and len(key) > 40)
    home, count = homes.most_common(1)[0] if homes else ("", 0)
    if not home or count < max(2, 0.5 * homes.total()):
        return paragraphs
    parents = {element.getparent() for element in kept}
    lost: list[tuple[int, str]] = []
    after = -1
    for element, key in elements:
        after = place.get(key, after)
        if len(key) > 40 and element.getparent() not in parents and _home(element) == home:
            lost.append((after, " ".join(element.text_content().split())))
    if sum(len(text) for _, text in lost) < 0.2 * sum(map(len, paragraphs)):
        return paragraphs
    joined = [(number, 0, block) for number, block in enumerate(paragraphs)]
    joined += [(number, 1, block) for number, block in lost]
    return [block for *_, block in sorted(joined, key=lambda item: item[:2])]


def _home(element: html.HtmlElement) -> str:
    """Tag and class of the container; empty where it has no class."""
    parent = element.getparent()
    name = parent.get("class") if parent is not None else None
    return f"{parent.tag} {name}" if name else ""


def _without_title(paragraphs: list[str], title: str | None) -> list[str]:
    """Drop the headline where it comes again among the first blocks."""
    if not title:
        return paragraphs
    key = _key(title)
    return [
        block
        for number, block in enumerate(paragraphs)
        if number > 4
        or not (_key(block) == key or (len(block) > 20 and key.startswith(_key(block))))
    ]


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


class _Head:
    """What the page says of itself: meta elements first, then JSON-LD, then links."""

    def __init__(self, tree: html.HtmlElement) -> None:
        self._tree = tree
        self._meta: dict[str, str] = {}
        for element in tree.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop")
            value = (element.get("content") or "").strip()
            if name and value:
                self._meta.setdefault(name.strip().lower(), value)
        self._linked = list(_linked_data(tree))

    def title(self) -> str | None:
        """The headline that most places of the page agree on.

        Social networks and search engines are often given one of their own, and any place
        may have the outlet's name or a kicker added.
        """
        shown = [" ".join(element.text_content().split()) for element in self._tree.iter("h1")][:3]
        stated = [self._meta.get("og:title"), *(item.get("headline") for item in self._linked)]
        stated += [self._meta.get("twitter:title"), self._tree.findtext(".//title")]
        site = self.outlet()
        names = [_without_site(html_text(name), site) for name in stated if isinstance(name, str)]
        candidates = [_shortest(name, shown) for name in names if name] + [*filter(None, shown)]
        votes = Counter(map(_key, candidates))
        best = max(candidates, key=lambda name: votes[_key(name)], default=None)
        return best if best and _key(best) and _key(best) != _key(site or "") else None

    def outlet(self) -> str | None:
        names = [self._meta.get("og:site_name")]
        for item in self._linked:
            publisher = item.get("publisher")
            first = publisher[0] if isinstance(publisher, list) and publisher else publisher
            names.append(first.get("name") if isinstance(first, dict) else None)
        names.append(self._meta.get("application-name"))
        plain = (html_text(name) for name in names if isinstance(name, str))
        # Some give an address or an account for a name.
        bare = (re.sub(r"^(?:https?://(?:www\.)?|@)|/$", "", name) for name in plain)
        return next(filter(None, bare), None)

    def url(self) -> str | None:
        links = (
            link.get("href") for link in self._tree.iter("link") if link.get("rel") == "canonical"
        )
        for address in (*links, self._meta.get("og:url")):
            if address and re.match(r"https?://[^/\s]", address.strip()):
                return str(address.strip())
        return None

    def published(self) -> str | None:
        """The first date that can be understood, exact to the minute if any is."""
        stated = [str(item.get("datePublished") or "") for item in self._linked]
        stated += [self._meta.get(name, "") for name in _DATE_NAMES]
        stated += [
            element.get("datetime") or element.get("content") or ""
            for element in self._tree.xpath(
                "//*[@itemprop='datePublished'] | //time[@pubdate] | //article//time[@datetime]"
            )[:3]
        ]
        return next((date for date in stated if parse_published(date)), None)


def _linked_data(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that describe an article, however they are nested."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            # Raw line ends inside strings are forbidden, and common.
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            item = waiting.pop()
            if isinstance(item, list):
                waiting += reversed(item)
            elif isinstance(item, dict):
                if _ARTICLE_TYPE.search(str(item.get("@type")).strip("[]'\"")):
                    yield item
                waiting += [item.get("mainEntity"), item.get("@graph")]


def html_text(value: str) -> str:
    """A value that may have been escaped twice, as one line of plain text."""
    return " ".join(re.sub(r"<[^<>]{1,200}>", "", unescape(unescape(value))).split())


def _shortest(title: str, shown: list[str]) -> str:
    """A headline on the page with which this one begins, or itself."""
    key = _key(title)
    return next((head for head in shown if len(head) > 15 and key.startswith(_key(head))), title)


def _without_site(title: str, outlet: str | None) -> str:
    """``Headline | The Outlet`` is ``Headline``."""
    head, _, tail = re.sub(r"\s+[|–—•·-]\s+(?=[^|–—•·]*$)", "\0", title).partition("\0")
    return head if outlet and tail and _key(tail) in _key(outlet) and head else title
