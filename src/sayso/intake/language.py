"""Which language a text is in: said only when it is clear."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import islice
from typing import Any

SAMPLE = 2_000
"""Letters that are looked at; more did not change one answer."""

_ENOUGH = 40
_ENOUGH_FOREIGN_SCRIPT = 8
_SURE = 0.95

_CODES = frozenset({
    "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg",
    "bh", "bi", "bm", "bn", "bo", "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv",
    "cy", "da", "de", "dv", "dz", "ee", "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi",
    "fj", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gu", "gv", "ha", "he", "hi", "ho", "hr",
    "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig", "ii", "ik", "io", "is", "it", "iu", "ja",
    "jv", "ka", "kg", "ki", "kj", "kk", "kl", "km", "kn", "ko", "kr", "ks", "ku", "kv", "kw",
    "ky", "la", "lb", "lg", "li", "ln", "lo", "lt", "lu", "lv", "mg", "mh", "mi", "mk", "ml",
    "mn", "mr", "ms", "mt", "my", "na", "nb", "nd", "ne", "ng", "nl", "nn", "no", "nr", "nv",
    "ny", "oc", "oj", "om", "or", "os", "pa", "pi", "pl", "ps", "pt", "qu", "rm", "rn", "ro",
    "ru", "rw", "sa", "sc", "sd", "se", "sg", "sh", "si", "sk", "sl", "sm", "sn", "so", "sq",
    "sr", "ss", "st", "su", "sv", "sw", "ta", "te", "tg", "th", "ti", "tk", "tl", "tn", "to",
    "tr", "ts", "tt", "tw", "ty", "ug", "uk", "ur", "uz", "ve", "vi", "vo", "wa", "wo", "xh",
    "yi", "yo", "za", "zh", "zu",
})  # fmt: skip
# Three-letter codes and names as records have them, and the model's labels without a
# two-letter code that belong to a language with one.
_ALIASES = {
    "eng": "en", "english": "en", "fra": "fr", "fre": "fr", "french": "fr", "deu": "de",
    "ger": "de", "german": "de", "spa": "es", "spanish": "es", "por": "pt", "portuguese": "pt",
    "ita": "it", "italian": "it", "nld": "nl", "dut": "nl", "dutch": "nl", "rus": "ru",
    "russian": "ru", "ukr": "uk", "ukrainian": "uk", "pol": "pl", "polish": "pl", "tur": "tr",
    "turkish": "tr", "ara": "ar", "arabic": "ar", "arb": "ar", "fas": "fa", "per": "fa",
    "persian": "fa", "farsi": "fa", "heb": "he", "hebrew": "he", "iw": "he", "hin": "hi",
    "hindi": "hi", "urd": "ur", "urdu": "ur", "zho": "zh", "chi": "zh", "chinese": "zh",
    "jpn": "ja", "japanese": "ja", "kor": "ko", "korean": "ko", "ind": "id", "indonesian": "id",
    "in": "id", "vie": "vi", "vietnamese": "vi", "swa": "sw", "swahili": "sw",
    "arz": "ar", "ary": "ar", "wuu": "zh", "yue": "zh", "sdh": "ku", "uzs": "uz", "hbo": "he",
    "grc": "el", "kik": "ki", "nso": "st", "gug": "gn", "fuv": "ff",
}  # fmt: skip
# Words that are English and hardly anything else: "in", "is", "was", "of", "had" are
# Dutch, German or Danish too.
_ENGLISH = frozenset({
    "the", "and", "that", "with", "from", "said", "by", "were", "who", "has", "have", "their",
    "which", "been", "this", "they", "after", "would", "not", "but", "about", "when", "will",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def detect_language(text: str) -> str | None:
    """ISO 639-1 of the text's language; None where it is too short or not clear.

    English news are full of foreign names, which alone look like another language to any
    model of letters; so English function words overrule it. Languages that have no
    two-letter code are given by their three-letter one.
    """
    words = list(islice(_WORD.finditer(text[: 10 * SAMPLE]), SAMPLE // 3))
    sample = text[words[0].start() : words[-1].end()][:SAMPLE] if words else ""
    letters = sum(map(str.isalpha, sample))
    foreign = sum(char.isalpha() and char > "\u024f" for char in sample)
    if letters < (_ENOUGH_FOREIGN_SCRIPT if 2 * foreign > letters else _ENOUGH):
        return None
    english = sum(word[0].lower() in _ENGLISH for word in words)
    if 10 * english >= len(words) and 2 * foreign <= letters:
        return "en"
    return _by_model(sample, foreign=2 * foreign > letters)


def _by_model(sample: str, *, foreign: bool) -> str | None:
    """``foreign`` says that the script alone rules English out: then the likeliest will do."""
    odds: Counter[str] = Counter()
    for label, probability in _model().rank(sample):
        odds[_ALIASES.get(label, label)] += probability
    # Nigerian Pidgin (pcm) is what the model makes of English headlines; zxx is no language.
    english, nothing = odds["en"] + odds["pcm"], odds["zxx"]
    if english >= 0.5:
        return "en" if odds["en"] >= 0.1 else None
    best = max(odds.keys() - {"en", "pcm", "zxx"}, key=lambda label: (odds[label], label))
    if foreign:
        return best if odds[best] >= 0.3 else None
    return best if odds[best] >= 0.5 and 1 - english - nothing >= _SURE else None


def normalise_language(tag: str) -> str | None:
    """ISO 639-1 of a tag or name: ``en-GB``, ``eng`` and ``English`` are ``en``."""
    head = re.split(r"[-_\s]", tag.strip().lower(), maxsplit=1)[0]
    code = _ALIASES.get(head, head)
    return code if code in _CODES else None


@cache
def _model() -> Any:
    # The model is part of the package; one second and 40 MB, hence at the first use only.
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
