import pytest


@pytest.fixture(autouse=True)
def quick_hashing(settings):
    """How passwords are kept is not what is tested here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
