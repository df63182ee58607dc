"""Static files in production."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Modules that import one another are asked for by their hashed names, too: else a browser
    would mix those of two versions for as long as it keeps them."""

    support_js_module_import_aggregation = True

    def hashed_name(self, name: str, content: Any = None, filename: Any = None) -> str:
        """Other people's modules may import what they have not brought along; nobody loads them."""
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name
