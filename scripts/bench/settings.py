"""The production settings, and what the benchmark has to know: which SQL a page runs."""

from crm.settings import *  # noqa: F403 - that is the point
from crm.settings import MIDDLEWARE

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.collector.SqlCollector", *MIDDLEWARE]
ACCOUNT_RATE_LIMITS = False  # fifty sign-ins a minute from one address are the benchmark itself
