"""The environment the product runs in when ./dev starts it."""

import os
import sys
from pathlib import Path

from dev.folder import ROOT, Folder
from dev.processes import MARK
from dev.servers import addresses

VENV_BIN = Path(sys.executable).parent


def environment(folder: Folder, *, port: int = 8000, debug: bool = False) -> dict[str, str]:
    """What the person has set stays; the rest is filled in for a single machine without HTTPS."""
    defaults = {
        "SECRET_KEY": folder.secret_key(),
        "DEBUG": "1" if debug else "0",
        "HTTPS": "0",
        "STATIC_FINDERS": "1",
        "FILES_DIR": str(folder.files),
        # Three slashes are the scheme's, the fourth begins the absolute path.
        "EMAIL_URL": f"file:///{folder.mail}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SITE_URL": f"http://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "PYTHONUNBUFFERED": "1",
    }
    path = os.pathsep.join([str(VENV_BIN), os.environ.get("PATH", os.defpath)])
    fixed = {"PATH": path, MARK: str(folder.path), "BOTTEGA_DATA": str(folder.path)}
    return defaults | dict(os.environ) | addresses(folder) | fixed


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def manage(*arguments: str) -> list[str]:
    return python(str(ROOT / "manage.py"), *arguments)
