"""`python -m bench.load COMPANIES EVENTS`: fills the database at DATABASE_URL, if it is not."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from bench.databases import Stock
    from bench.fill import fill

    fill(Stock(int(sys.argv[1]), int(sys.argv[2])))
