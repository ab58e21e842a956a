"""Texts for tests: news-like strategies, and an invented report."""

from __future__ import annotations

from hypothesis import strategies as st

REPORT = """Harbour pilots walk out in Tessin

The ports minister, Alva Renquist, said on Monday that no ship had been turned away. “We have \
pilots enough,” she told reporters, “and we shall have more.”

According to the pilots’ union, eleven vessels were waiting outside the bar. Its chairman, Ilo \
Brandt, accused the ministry of hiding the figures.

A senior customs officer, who asked not to be named, admitted that the night shift was empty. \
‘Nobody came,’ he said. 'Not one.'
"""

_NEWSY = st.sampled_from(
    [
        "The minister said", "“No,” she said.", "according to the army", "he denied it",
        "‘Never’", "„Nein“", "«Non»", '"Yes', "the soldiers’ homes", "she's", "it’s", "'90s",
        "Dr. Who", "U.S. officials", "\n", "\n\n", "\r\n", "\r", "\u2028", "…", "— ", " ",
        "👩‍👩‍👧", "🇫🇷", "🤖", "e\u0301", "A\u0303", "שלום אמר", "قال الوزير", "他说“好”",
        "\u200f", "\u202e", "\t", "\x00", "\x07", "[SEP]", "[CLS]", "##ing", "a" * 300,
        "ﬁ", "İ", "ß", "\u0345", "\ufeff", "\u00ad",
    ]
)  # fmt: skip
news_like = st.lists(st.one_of(_NEWSY, st.text(max_size=12)), max_size=40).map(" ".join)
