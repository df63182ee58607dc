"""Where every setting comes from, and what several parts of the settings need."""

from pathlib import Path

from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = Env()

DEBUG = env.bool("DEBUG", False)
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
