"""A released database with many books: the rows of one book, again and again, under new numbers."""

from sqlalchemy import Connection, inspect, text

# table -> what differs in each copy; `n` is the number of the copy. All other columns are as in one row that is there.
SERIES = {
    "pickups": {"id": "1000000 + n"},
    "passports": {
        "id": "1000000 + n",
        "pickup_id": "1000000 + n",
        "application_no": "'77' || (1000000 + n)",
        "passport_no": "'Y' || (1000000 + n)",
        "holder_name": "'Contoh ' || (n % 5000)",
        "name_key": "'contoh ' || (n % 5000)",
        "state": "CASE WHEN n % 2 = 0 THEN 'ready' ELSE 'collected' END",
    },
    "pickup_codes": {
        "id": "1000000 + n",
        "pickup_id": "1000000 + n",
        "code_hash": "'c' || n",
        "link_hash": "'l' || n",
        "booking_code": "'B' || n",
    },
    "visits": {"id": "1000000 + n", "queue_no": "'Z' || n", "state": "'done'"},
    "handovers": dict.fromkeys(("id", "number", "passport_id", "visit_id"), "1000000 + n"),
    "audit": {"id": "1000000 + n", "chain": "99", "seq": "n"},
}


def add(conn: Connection, count: int) -> int:
    """Add the rows of `count` books; how many rows there are now."""
    series = (
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :count)"
        if conn.dialect.name == "sqlite"
        else "WITH s AS (SELECT generate_series(1, :count) AS n)"
    )
    for table, differing in SERIES.items():
        names = [column["name"] for column in inspect(conn).get_columns(table)]
        values = ", ".join(differing.get(name, f't."{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        copied = f"SELECT {values} FROM s, (SELECT * FROM {table} ORDER BY id LIMIT 1) t"
        conn.execute(text(f"INSERT INTO {table} ({columns}) {series} {copied}"), {"count": count})
    return sum(conn.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in SERIES)
