"""A day of market time through the whole bot, with its database and a recording: memory, handles and threads by
quarter of the day. Prints one line of JSON; fails where memory grows or handles stay open.

usage: memory.py BINARY SEED [HOURS [SCENARIO]]

On a usual day the last quarter is half as lively again as the second; in the scenario `even` all hours are at the
day's mean, so that what is more at its end is what grew.
"""
import json
import os
import selectors
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime

binary, seed, *more = sys.argv[1:]
hours = float(more[0]) if more else 24.0
scenario = more[1] if len(more) > 1 else "none"
EVERY = 0.02
# The heap is that of the unit.
with open("config/systemd/momentum@.service") as unit:
    HEAP = dict(pair.split("=") for line in unit if line.startswith("Environment=") for pair in line[12:].split())


def market_time(lines):
    """Seconds since 1970 of the last record's `now`, without reading the whole record."""
    at = lines.rfind(b'"now":"')
    return datetime.fromisoformat(lines[at + 7:at + 34].decode().replace("Z", "+00:00")).timestamp() if at >= 0 else None


def sample(pid):
    """What a process has; none of one that is ending."""
    with open(f"/proc/{pid}/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    return "VmRSS" in fields and {
        "rss_kb": int(fields["VmRSS"].split()[0]),
        "threads": int(fields["Threads"]),
        "handles": len(os.listdir(f"/proc/{pid}/fd")),
    }


with tempfile.TemporaryDirectory() as folder:
    began = time.monotonic()
    bot = subprocess.Popen(
        [binary, "run", "--seed", seed, "--speed", "max", "--until", f"{hours:g}h", "--json", "--quiet",
         "--set", f"sim.scenario={scenario}",
         "--data-dir", f"{folder}/data", "--record", f"{folder}/recording"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **HEAP})
    first = None
    records, samples = [], []
    # Market time comes with the records, samples with the wall's clock: between two records both pass evenly.
    with selectors.DefaultSelector() as ready:
        ready.register(bot.stdout, selectors.EVENT_READ)
        due, rest = began, b""
        while True:
            if ready.select(timeout=max(0.0, due - time.monotonic())):
                read = os.read(bot.stdout.fileno(), 1 << 16)
                if not read:
                    break
                lines, _, rest = (rest + read).rpartition(b"\n")
                if (now := market_time(lines)) is not None:
                    first = now - now % 86400 if first is None else first
                    records.append((time.monotonic(), (now - first) / 3600))
            if time.monotonic() >= due:
                if there := sample(bot.pid):
                    samples.append((time.monotonic(), there))
                due = time.monotonic() + EVERY
    seconds = time.monotonic() - began
    if bot.wait() != 0:
        sys.exit(f"the run failed with {bot.returncode}")

quarters = [[], [], [], []]
for (began_at, began_hour), (ended_at, ended_hour) in zip(records, records[1:]):
    for at, there in samples:
        if began_at <= at < ended_at:
            hour = began_hour + (at - began_at) / (ended_at - began_at) * (ended_hour - began_hour)
            if hour < hours:
                quarters[int(hour / hours * 4)].append(there)
if not all(quarters):
    sys.exit("a quarter without a sample")
rss = [statistics.mean(s["rss_kb"] for s in quarter) for quarter in quarters]
# A file that is being sealed is open for a moment; what nobody closes is open in every sample.
kept = {name: [min(s[name] for s in quarter) for quarter in quarters] for name in ("threads", "handles")}
print(json.dumps({
    "seed": seed,
    "scenario": scenario,
    "market_hours": hours,
    "seconds": round(seconds, 1),
    "samples": sum(map(len, quarters)),
    "rss_mb_by_quarter": [round(kb / 1024, 1) for kb in rss],
    "last_to_second": round(rss[3] / rss[1], 4),
    "threads_by_quarter": kept["threads"],
    "handles_by_quarter": kept["handles"],
}))
if rss[3] > 1.02 * rss[1] or any(of[3] > of[1] for of in kept.values()):
    sys.exit("more in the last quarter than in the second")
