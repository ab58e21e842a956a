"""`python -m training train|export --help`."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("train", help="fine-tune the encoder with its heads")
    verb.add_argument("--data", type=Path, required=True, help="laid out as the training data")
    verb.add_argument("--pretrained", type=Path, required=True, help="folder of the encoder")
    verb.add_argument("--out", type=Path, required=True, help="checkpoints and log go here")
    from training.train import Settings, train

    for setting in fields(Settings):
        kind = type(setting.default)
        verb.add_argument(
            f"--{setting.name.replace('_', '-')}",
            type=(lambda v: v.lower() in ("1", "true", "yes")) if kind is bool else kind,
            default=setting.default,
        )
    verb = verbs.add_parser("export", help="write the shipped weights from a checkpoint")
    verb.add_argument("--checkpoint", type=Path, required=True)
    verb.add_argument("--pretrained", type=Path, required=True, help="folder of the encoder")
    verb.add_argument("--target", type=Path, default=Path("src/sayso/reading/weights"))
    verb.add_argument("--floating", type=Path, help="also write the unquantised model here")
    options = parser.parse_args()
    if options.verb == "train":
        settings = Settings(**{f.name: getattr(options, f.name) for f in fields(Settings)})
        train(options.data, options.pretrained, options.out, settings)
    else:
        from training.export import export

        export(options.checkpoint, options.pretrained, options.target, floating=options.floating)


if __name__ == "__main__":
    main()
