"""The application: routes, headers, errors. What is shown is in ``views`` and ``templates``."""

from __future__ import annotations

import logging
import math
import traceback
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import jinja2
from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from sayso.errors import LedgerBusyError, QueryError, SaysoError
from sayso.glance import counted, readable, shortened, visible
from sayso.web.shared import SharedShelf
from sayso.web.shelf import Shelf
from sayso.web.views import article_page, by_day

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
    from contextlib import AbstractAsyncContextManager

    from starlette.responses import Response

    from sayso.records import Reading

    Answer = Callable[[Exception], tuple[int, str, str]]
    Next = Callable[[Request], Awaitable[Response]]

_LOG = logging.getLogger(__name__)
HERE = Path(__file__).parent
PAGE_SIZE = 50
SEARCHED_PAGES = 200
REJECTIONS_SHOWN = 1000

HEADERS = {
    # Nothing from elsewhere, nothing inline: escaping is the first wall, this the second.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def environment() -> jinja2.Environment:
    """The templates: everything escaped, and a name that is missing is an error."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    templates.filters.update(
        visible=visible, counted=counted, shortened=shortened, readable=readable, urlencode=_query
    )
    return templates


def _query(parameters: dict[str, object]) -> str:
    return urlencode({name: value for name, value in parameters.items() if value})


class _Pages:
    """Answers in HTML, from one shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.templates = environment()

    def show(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        known = {"q": "", "outlet": "", "outlets": (), "ledger": self.shelf.name, **values}
        return HTMLResponse(self.templates.get_template(template).render(known), status)

    def listing(self, q: str, outlet: str, page: int) -> HTMLResponse:
        words = q.strip()
        if words:
            # The index ranks all pages up to the one that is asked for.
            page = min(page, SEARCHED_PAGES)
            found = self.shelf.search(words, outlet, page, PAGE_SIZE)
        else:
            found = self.shelf.listing(outlet, page, PAGE_SIZE)
        pages = max(1, math.ceil(found.total / PAGE_SIZE))
        return self.show(
            "articles.html",
            q=q,
            outlet=outlet,
            outlets=[row for row in self.shelf.outlets() if row["outlet"]],
            days=by_day(found.rows, told_apart=not words),
            total=found.total,
            page=page,
            pages=min(pages, SEARCHED_PAGES) if words else pages,
            rejected=self.shelf.rejected(),
        )


def build(
    ledger_path: str | Path, hosts: Iterable[str] = (), *, private_names: bool = False
) -> FastAPI:
    """See ``sayso.web.create_app``."""
    # The generated documentation would load its scripts from elsewhere.
    pages = _Pages(Shelf(ledger_path) if private_names else SharedShelf(ledger_path))
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_closing(pages.shelf))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _add_pages(app, pages)
    _add_errors(app, pages)
    # A page elsewhere that rebinds its own name to 127.0.0.1 still sends its own name.
    names = ["localhost", "127.0.0.1", *hosts]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)
    app.middleware("http")(_answering(pages))
    return app


def _closing(shelf: Shelf) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        shelf.close()

    return lifespan


def _answering(pages: _Pages) -> Callable[[Request, Next], Awaitable[Response]]:
    """Puts the headers on every answer, and answers what is a defect."""

    async def answer(request: Request, call_next: Next) -> Response:
        try:
            response = await call_next(request)
        except Exception as error:  # noqa: BLE001 - raised further, its message would be logged
            _log_defect(error)
            response = _answered(request, pages, *_broken(error))
        response.headers.update(HEADERS)
        return response

    return answer


def _log_defect(error: Exception) -> None:
    """Where it happened, and nothing of what: a message can quote an article."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    _LOG.error("%s in %s, line %s", type(error).__name__, place.filename, place.lineno)


def _add_pages(app: FastAPI, pages: _Pages) -> None:
    shelf = pages.shelf

    @app.get("/", response_class=HTMLResponse)
    def articles(
        q: str = Query("", max_length=500),
        outlet: str = Query("", max_length=500),
        page: int = Query(1, ge=1, le=1_000_000),
    ) -> Response:
        return pages.listing(q, outlet, page)

    @app.get("/articles/{article_id}", response_class=HTMLResponse)
    def article(article_id: str) -> Response:
        return pages.show("article.html", **article_page(_found(shelf, article_id)))

    @app.get("/rejections", response_class=HTMLResponse)
    def rejections() -> Response:
        rows = shelf.rejections(REJECTIONS_SHOWN)
        return pages.show("rejections.html", rows=rows, total=shelf.rejected())

    @app.get("/api/articles/{article_id}")
    def article_json(article_id: str) -> Response:
        return JSONResponse(_found(shelf, article_id).to_dict())


def _found(shelf: Shelf, article_id: str) -> Reading:
    reading = shelf.reading(article_id)
    if reading is None:
        raise HTTPException(404, "The ledger holds no article with this id.")
    return reading


def _add_errors(app: FastAPI, pages: _Pages) -> None:
    answers: list[tuple[type[Exception], Answer]] = [
        (HTTPException, _refused),
        (RequestValidationError, _misunderstood),
        (SaysoError, _failed),
    ]
    for kind, answer in answers:

        def handle(request: Request, error: Exception, answer: Answer = answer) -> Response:
            return _answered(request, pages, *answer(error))

        app.add_exception_handler(kind, handle)


def _answered(request: Request, pages: _Pages, status: int, heading: str, message: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": heading, "detail": message}, status)
    return pages.show("error.html", status, heading=heading, message=message)


def _refused(error: Exception) -> tuple[int, str, str]:
    refused = cast("HTTPException", error)
    heading = "There is no such page" if refused.status_code == 404 else "That cannot be answered"
    return refused.status_code, heading, str(refused.detail)


def _misunderstood(_: Exception) -> tuple[int, str, str]:
    what = "The address asks for something that cannot be: a page before the first, say."
    return 422, "That cannot be answered", what


def _failed(error: Exception) -> tuple[int, str, str]:
    if isinstance(error, QueryError):
        # Its message quotes the query, and DuckDB's quotes values.
        _log_defect(error)
        return 500, "The ledger did not answer", "It could not be read; try `sayso doctor -l`."
    return (
        503 if isinstance(error, LedgerBusyError) else 500,
        "The ledger did not answer",
        str(error),
    )


def _broken(_: Exception) -> tuple[int, str, str]:
    # Its message may hold texts, so neither the page nor the log shows it.
    what = "That is a defect of Sayso. The terminal where it was started tells more."
    return 500, "Something went wrong", what
