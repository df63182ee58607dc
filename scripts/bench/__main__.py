"""`python scripts/bench`: what ./dev bench calls with the environment of its own servers."""

import sys
from pathlib import Path

# Import as the package `bench`, not as loose modules, which would shadow those of others; and the
# product beside it.
SCRIPTS = Path(__file__).resolve().parents[1]
sys.path[:1] = [str(SCRIPTS), str(SCRIPTS.parent)]

if __name__ == "__main__":
    from bench.commands import main

    sys.exit(main(sys.argv[1:]))
