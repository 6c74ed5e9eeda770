"""A recorded day of the embedded market through the whole bot (`momentum backtest run`), and through DuckDB on one
thread (the sum of each token's trades over 60 s, at every trade): events a second of processor time, five rounds in
turn. The ratio outlives the machine. Prints one line of JSON.

usage: backtest.py BINARY SEED   (with a Python that has duckdb)
"""
import json
import resource
import subprocess
import sys
import tempfile
import time
from statistics import median

import duckdb

binary, seed = sys.argv[1:3]
ROUNDS = 5


def spent(who):
    """Seconds of processor time so far."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def momentum(*words):
    done = subprocess.run([binary, *words, "--json", "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def timed(who, work):
    from_cpu, from_wall = spent(who), time.monotonic()
    told = work()
    return spent(who) - from_cpu, time.monotonic() - from_wall, told


with tempfile.TemporaryDirectory() as folder:
    momentum("run", "--memory", "--seed", seed, "--speed", "max", "--until", "24h", "--record", folder)
    events = f"{folder}/*/events-*.parquet"
    duckdb.sql("set threads = 1")
    rows, trades = duckdb.sql(f"select count(*), count(*) filter (kind = 'traded') from '{events}'").fetchall()[0]
    window = f"""
        select sum(last_minute) from (
            select sum(quote_amount::bigint) over (
                partition by mint order by epoch_us(now) range between 60000000 preceding and current row
            ) as last_minute
            from '{events}' where kind = 'traded')"""
    ours, theirs, told = [], [], set()
    for _ in range(ROUNDS):
        cpu, wall, summary = timed(resource.RUSAGE_CHILDREN, lambda: momentum(
            "backtest", "run", "--source", "replay", "--replay", folder))
        ours.append((cpu, wall))
        told.add(summary["decision_hash"])
        cpu, wall, _ = timed(resource.RUSAGE_SELF, lambda: duckdb.sql(window).fetchall())
        theirs.append((cpu, wall))
    if len(told) != 1:
        sys.exit(f"not the same decisions every time: {told}")

print(json.dumps({
    "seed": seed,
    "events": rows,
    "trades": trades,
    "backtest_events_a_cpu_second": round(rows / median(cpu for cpu, _ in ours)),
    "backtest_events_a_second": round(rows / median(wall for _, wall in ours)),
    "duckdb_trades_a_cpu_second": round(trades / median(cpu for cpu, _ in theirs)),
    "ratio_by_round": [round((rows / a) / (trades / b), 2) for (a, _), (b, _) in zip(ours, theirs)],
}))
