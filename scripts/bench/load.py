"""`python -m bench.load N`: fills the database at DATABASE_URL, unless it is filled already."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from bench.fill import fill

    fill(int(sys.argv[1]))
