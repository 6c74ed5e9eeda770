"""Sums the figures of `.ci/long days`: reads what each seed printed, writes what the days came to."""

import json
import re
import statistics
import sys

RATES = re.compile(r"seed (\d+): (\d+) launches, (\d+) trades, (\d+) graduated \((\d+) bps\), (\d+) bps under")
FIRST = 20  # seeds over which the kinds of exits are counted
SOL = 1_000_000_000

rates, days, seconds = [], [], []
for line in sys.stdin:
    if found := RATES.match(line):
        rates.append([int(number) for number in found.groups()])
    elif line.startswith("seconds "):
        seconds.append(float(line.split()[1]))
    elif line.startswith("{"):
        days.append(json.loads(line))


def span(name, column, scale=1.0, unit=""):
    values = [row[column] * scale for row in rates]
    print(f"{name}: {min(values):g} to {max(values):g}, mean {statistics.mean(values):.4g}{unit}")


span("launches a day", 1)
span("trades a day", 2)
span("graduated", 4, 0.01, " %")
span("under ten trades", 5, 0.01, " %")

exits = {}
for day in days[:FIRST]:
    for reason, count in day["exits"].items():
        exits[reason] = exits.get(reason, 0) + count
print(f"exits over the first {len(days[:FIRST])} seeds: {dict(sorted(exits.items()))}")

trades = [day["trades"] for day in days]
print(f"trades a day: {min(trades)} to {max(trades)}, mean {statistics.mean(trades):.1f}")
returns = [int(day["result_lamports"]) / SOL / 10 * 100 for day in days]  # of 10 SOL, in percent
mean = statistics.mean(returns)
error = statistics.stdev(returns) / len(returns) ** 0.5 if len(returns) > 1 else float("nan")
print(f"return of a day: mean {mean:.2f} %, 95 % interval {mean - 1.96 * error:.2f} to {mean + 1.96 * error:.2f} %")
print(f"worst day {min(returns):.2f} %, best {max(returns):.2f} %, {sum(r < 0 for r in returns)} of {len(returns)} lost")
wins = sum(day["trades"] * (day["win_rate_bps"] or 0) for day in days) / max(1, sum(trades)) / 100
print(f"won: {wins:.1f} % of {sum(trades)} trades")
print(f"seconds for a day of the whole bot: median {statistics.median(seconds):.1f}, most {max(seconds):.1f}")
