"""`python scripts/dev CMD`: what ./dev calls once the virtual environment is there."""

import sys
from pathlib import Path

# Import as the package `dev`, not as loose modules, which would shadow those of others.
sys.path[0] = str(Path(__file__).resolve().parents[1])

if __name__ == "__main__":
    from dev.commands import main

    sys.exit(main(sys.argv[1:]))
