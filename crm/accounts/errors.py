"""What an action answers when it will not."""


class ActionRefused(Exception):
    """The change is not possible now. Its text is a sentence for the person who asked."""
