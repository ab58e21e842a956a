"""Turn the hand codings into gold files: `python examples/gold/resolve.py [--check]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from evaluation.coding import CodingError, resolve
from sayso.intake import read_inputs
from sayso.records import Article

HERE = Path(__file__).parent


def keys(press: Path) -> dict[str, Article]:
    """The press's articles by key: a JSON line's own id, or `folder-file` of a page."""
    found = {}
    for path in sorted(press.rglob("*")):
        if path.suffix in (".jsonl", ".html"):
            for item in read_inputs([path]):
                if isinstance(item, Article):
                    page = f"{path.parent.name}-{path.stem}"
                    found[page if path.suffix == ".html" else str(item.source_id)] = item
    return found


def main() -> int:
    """Write, or with --check compare; the exit status."""
    check, failed = "--check" in sys.argv, 0
    articles = keys(HERE.parent / "press")
    for path in sorted((HERE / "coding").glob("*.txt")):
        article = articles[path.stem]
        try:
            attributions = resolve(article.text, path.read_text("utf-8"))
        except CodingError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            failed += 1
            continue
        head = {"article": path.stem, "url": article.url, "text_id": article.text_id}
        form = json.dumps({**head, "attributions": attributions}, ensure_ascii=False, indent=1)
        target = HERE / "attributions" / f"{path.stem}.json"
        if not check:
            target.write_text(form + "\n", "utf-8")
        elif not target.exists() or target.read_text("utf-8") != form + "\n":
            print(f"{target.name} is not what {path.name} resolves to", file=sys.stderr)
            failed += 1
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
