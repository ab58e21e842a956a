"""`python -m evaluation NAME --data DIR [--split dev|test] [--json]`: a table, or one JSON object.

`python -m evaluation --floors` measures every pinned figure and fails below one.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from evaluation import floors
from evaluation.measures import MEASURES, DataMissingError
from evaluation.table import render


def main(arguments: list[str] | None = None) -> int:
    """Run one measure, or all that have floors; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(MEASURES), help="what to measure")
    parser.add_argument("--data", type=Path, help="laid out as the training data")
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--weights", type=Path, help="other weights than the shipped ones")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--floors", action="store_true", help="hold all figures against floors.toml"
    )
    parser.add_argument("--raise", dest="raised", action="store_true", help="pin better figures")
    parser.add_argument(
        "--lower", action="store_true", help="pin the figures reached even where they are lower"
    )
    options = parser.parse_args(arguments)
    if options.floors:
        return floors.hold(options.data, raised=options.raised, lower=options.lower)
    if not options.name:
        parser.error("name what to measure, or give --floors")
    try:
        figures = MEASURES[options.name](options.data, options.split, options.weights)
    except DataMissingError as missing:
        print(f"skipped: {missing}", file=sys.stderr)
        return 0
    print(json.dumps(figures) if options.json else render(options.name, figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
