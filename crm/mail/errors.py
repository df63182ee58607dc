"""What can go wrong between us and a mail server."""


class BadMessage(ValueError):
    """A mail that must not leave: no valid recipient, or a header that would smuggle another."""


class InDoubt(Exception):
    """The connection broke while the server had the mail: it may have taken it, or not."""
