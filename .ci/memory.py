"""A day of market time through the whole bot, with its database and a recording: memory, handles and threads by
quarter of the day. Prints one line of JSON; fails where memory grows or handles stay open.

usage: memory.py BINARY SEED [HOURS]
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime

binary, seed, hours = sys.argv[1], sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 24.0
MINUTES = 5


def market_time(line):
    """Seconds since 1970 of a record's `now`, without reading the whole record."""
    at = line.find(b'"now":"')
    return datetime.fromisoformat(line[at + 7:at + 34].decode().replace("Z", "+00:00")).timestamp() if at >= 0 else None


def sample(pid):
    with open(f"/proc/{pid}/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    return {
        "rss_kb": int(fields["VmRSS"].split()[0]),
        "threads": int(fields["Threads"]),
        "handles": len(os.listdir(f"/proc/{pid}/fd")),
    }


with tempfile.TemporaryDirectory() as folder:
    began = time.monotonic()
    bot = subprocess.Popen(
        [binary, "run", "--seed", seed, "--speed", "max", "--until", f"{hours:g}h", "--json", "--quiet",
         "--data-dir", f"{folder}/data", "--record", f"{folder}/recording"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    first = due = None
    samples = []
    for line in bot.stdout:
        now = market_time(line[:200])
        if now is None:
            continue
        if first is None:
            first = due = now - now % 86400
        if now >= due:
            samples.append(((now - first) / 3600, sample(bot.pid)))
            due = now + 60 * MINUTES
    seconds = time.monotonic() - began
    if bot.wait() != 0:
        sys.exit(f"the run failed with {bot.returncode}")

quarters = [[s for hour, s in samples if int(hour / hours * 4) == quarter] for quarter in range(4)]
if not all(quarters):
    sys.exit("a quarter without a sample")
rss = [statistics.mean(s["rss_kb"] for s in quarter) for quarter in quarters]
most = {name: [max(s[name] for s in quarter) for quarter in quarters] for name in ("threads", "handles")}
print(json.dumps({
    "seed": seed,
    "market_hours": hours,
    "seconds": round(seconds, 1),
    "samples": len(samples),
    "rss_mb_by_quarter": [round(kb / 1024, 1) for kb in rss],
    "last_to_second": round(rss[3] / rss[1], 4),
    "threads_by_quarter": most["threads"],
    "handles_by_quarter": most["handles"],
}))
if rss[3] > 1.02 * rss[1] or any(of[3] > of[1] for of in most.values()):
    sys.exit("more in the last quarter than in the second")
