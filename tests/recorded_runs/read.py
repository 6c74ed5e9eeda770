"""Counts and sums a recorded session with DuckDB and with pandas, as anybody would: no schema, no casts of ours."""

import glob
import json
import sys

import duckdb
import pandas

session = sys.argv[1]
events, decisions = f"{session}/events-*.parquet", f"{session}/decisions-*.parquet"

row = duckdb.sql(f"""
    select count(*), count(*) filter (kind = 'traded'),
           count(distinct mint) filter (kind = 'traded'),
           sum(token_amount::hugeint), sum(quote_amount::hugeint)
    from '{events}'
""").fetchall()[0]
told = {"duckdb": {
    "events": row[0], "trades": row[1], "mints": row[2], "tokens": str(row[3]), "quote": str(row[4]),
    "decisions": duckdb.sql(f"select count(*) from '{decisions}'").fetchall()[0][0],
}}
# Times, sides and keys are what they should be, without a word of explanation.
first = duckdb.sql(f"select min(epoch_us(now)), min(octet_length(mint)), min(octet_length(signature)) from '{events}'")
assert first.fetchall()[0][1:] == (32, 64), first
assert duckdb.sql(f"select distinct side from '{events}' where kind = 'traded' order by 1").fetchall() == [("buy",), ("sell",)]

frame = pandas.concat(pandas.read_parquet(path) for path in sorted(glob.glob(events)))
trades = frame[frame["kind"] == "traded"]
assert str(frame["now"].dtype) == "datetime64[us, UTC]", frame["now"].dtype
assert str(frame["token_amount"].dtype) == "uint64", frame["token_amount"].dtype
told["pandas"] = {
    "events": len(frame), "trades": len(trades), "mints": trades["mint"].nunique(),
    "tokens": str(sum(int(amount) for amount in trades["token_amount"])),
    "quote": str(sum(int(amount) for amount in trades["quote_amount"])),
    "decisions": sum(len(pandas.read_parquet(path)) for path in sorted(glob.glob(decisions))),
}
print(json.dumps(told))
