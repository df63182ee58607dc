"""No module grows past what one sitting reads."""

from pathlib import Path

from tests.house.routes import ROOMS

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300


def test_no_module_of_the_product_is_longer_than_the_house_allows() -> None:
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    modules = [path for path in files if "migrations" not in path.parts]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules
        if (lines := len(path.read_text().splitlines())) >= LONGEST
    }
    assert long == {}
