"""That savepoints which go to the database with the statement after them do what they are to."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, connection, transaction


def made(*codes: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for code in codes:
            cursor.execute("INSERT INTO tried (code) VALUES (%s)", [code])


def undone(*codes: str) -> None:
    with transaction.atomic():
        made(*codes)
        transaction.set_rollback(True)


def there() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM tried ORDER BY code")
        return "".join(code for (code,) in cursor.fetchall())


@pytest.fixture
def tried(db):
    """A table that goes with the test, and a row in it that no savepoint's end may touch."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tried (code TEXT PRIMARY KEY)")
    made("a")


@pytest.mark.usefixtures("tried")
class TestASavepoint:
    def test_keeps_what_was_done_within_it_and_undoes_what_is_to_be_undone(self):
        with transaction.atomic():
            made("b")
            undone("c")
            assert there() == "ab"
            made("d")
        assert there() == "abd"

    def test_undoes_a_statement_that_failed_and_no_other(self):
        with pytest.raises(IntegrityError):
            made("b", "a")
        assert there() == "a"
        made("b")
        assert there() == "ab"

    def test_is_undone_with_all_that_were_kept_within_it(self):
        with transaction.atomic():
            made("b")
            made("c")
            transaction.set_rollback(True)
        assert there() == "a"

    def test_in_which_nothing_is_done_leaves_nothing(self):
        for back in (True, False, True):
            with transaction.atomic():
                transaction.set_rollback(back)
        assert there() == "a"

    def test_is_undone_before_rows_are_read_in_pieces(self):
        undone("b")
        with connection.chunked_cursor() as cursor:
            cursor.execute("SELECT code FROM tried")
            assert cursor.fetchall() == [("a",)]

    def test_is_undone_before_many_are_written(self):
        undone("b")
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO tried (code) VALUES (%s)", [("b",), ("c",)])
            assert cursor.rowcount == 2
        assert there() == "abc"

    def test_leaves_a_statement_its_own_answer(self):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE tried SET code = 'z'")
            assert (cursor.rowcount, there()) == (1, "z")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="what is said to PostgreSQL")
class TestWhatPostgresqlIsTold:
    def asked(self) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_query()")
            return cursor.fetchone()[0]

    def test_is_a_savepoint_with_the_statement_after_it(self, tried):
        assert there() == "a"
        assert self.asked().startswith("SAVEPOINT ")
        assert self.asked().startswith("RELEASE SAVEPOINT ")

    def test_is_each_by_itself_where_a_test_commits(self, transactional_db):
        with transaction.atomic():
            assert self.asked() == "SELECT current_query()"

    def test_is_at_once_what_ends_a_transaction_that_failed(self, tried):
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            with pytest.raises(IntegrityError):
                cursor.execute("INSERT INTO tried VALUES ('a')")
            with transaction.atomic():
                pytest.fail("a transaction that failed takes no savepoint")
        assert there() == "a"

    def test_is_copied_after_what_was_undone(self, tried):
        undone("b")
        with connection.cursor() as cursor, cursor.copy("COPY tried FROM STDIN") as copy:
            copy.write_row(["b"])
        assert there() == "ab"
