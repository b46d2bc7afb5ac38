from django.contrib.auth.hashers import Argon2PasswordHasher

from casehub import settings


class TestAPassword:
    def test_is_hashed_by_argon2_at_its_whole_cost(self):
        """In tests/settings.py it is quick: what runs has what Django recommends."""
        named = f"{Argon2PasswordHasher.__module__}.{Argon2PasswordHasher.__qualname__}"
        assert [named] == settings.PASSWORD_HASHERS
