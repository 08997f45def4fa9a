"""Compares the schema of a drafts' database (tables, columns, indexes) with the one that the migrations make."""

from __future__ import annotations

from functools import cache

from sqlite_utils import Database

from model.storage import migrations

Shape = dict[tuple[str, str], tuple[object, ...]]


def unknown(database: Database, version: int) -> list[str]:
    """Return the names in the schema that are added, missing or different from those of this schema version."""
    ours, found = shape_of_version(version), shape(database)
    return sorted({str(name) for _, name in ours.keys() ^ found.keys()}) or sorted(  # a damaged name may be NULL
        name for kind, name in ours if ours[kind, name] != found[kind, name]
    )


@cache
def shape_of_version(version: int) -> Shape:
    """Return the shape that the migrations make up to a version."""
    database = Database(memory=True, execute_plugins=False, strict=True)
    migrations.apply(database, version)
    made = shape(database)
    database.close()
    return made


def shape(database: Database) -> Shape:
    """Return the schema by type and name, without SQL text, which may differ between releases of the library."""
    return {
        (kind, name): (of_table, *_details(database, kind, name))
        for kind, name, of_table in database.execute("SELECT type, name, tbl_name FROM sqlite_schema").fetchall()
    }


def _details(database: Database, kind: str, name: str) -> list[object]:
    queries = {
        "table": ['SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)'],
        "index": ['SELECT name, "desc", coll, "key" FROM pragma_index_xinfo(?)'],
    }
    return [row for query in queries.get(kind, []) for row in database.execute(query, [name]).fetchall()]
