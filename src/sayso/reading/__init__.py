"""From text to attributions: one encoder, its heads, and their decoding."""
