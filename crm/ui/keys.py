"""Keys of rows as an address or a form brings them."""

LONGEST = 18  # digits of a bigint that always fit


def key_in(text: str) -> int | None:
    """The key that `text` is; None for what can be none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None
