"""How passwords are kept (docs/adr/0009)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ModestArgon2(Argon2PasswordHasher):
    """Argon2id with what OWASP's Password Storage Cheat Sheet asks for: 19 MiB, two passes, one
    lane. Django's own choice takes 100 MiB and eight threads for every sign-in, so that a few at
    once would fill a small server; passwords kept that way are kept anew at the next sign-in."""

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1
