"""What a book of the bot must be, whenever its process died: read from SQL alone, with no code of the engine.

Every function gives findings: sentences that say what is wrong, none where all is as it must be.
"""

import json
import sqlite3
from collections import Counter, defaultdict


class Book:
    """The rows of a book at one moment. `path` is a copy: to look must not mend what the next start is to mend."""

    def __init__(self, path):
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        self.whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        self.began = "bot_state" in there and "audit" in there

        def rows(table):
            if table not in there:
                return []
            return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]

        self.state = next(iter(rows("bot_state")), None)
        self.desk = next(iter(rows("desk")), None)
        self.signals = rows("signals")
        self.orders = rows("orders")
        self.attempts = {attempt(row): row for row in rows("attempts")}
        self.fills = {attempt(row): row for row in rows("fills")}
        self.fill_rows = len(rows("fills"))
        self.positions = {(row["mint"], row["opened_at"]): row for row in rows("positions")}
        self.legs = {(row["mint"], row["opened_at"], row["rung"]): row for row in rows("ladder_legs")}
        self.stop_moves = rows("stop_moves")
        self.exits = rows("exits")
        self.buys = rows("buys")
        self.accounts = rows("accounts")
        self.classes = defaultdict(dict)
        for row in rows("account_classes"):
            self.classes[row["wallet"]][row["class"]] = row["amount"]
        self.pasts = rows("token_past")
        connection.close()

    def open_positions(self):
        return [row for row in self.positions.values() if row["closed_at"] is None]

    def live_attempts(self):
        return [row for row in self.attempts.values() if row["ended_at"] is None]

    def reserved(self):
        return sum(row["reserved"] for row in self.buys)

    def lamports(self):
        return sum(row["balance"] for row in self.accounts)

    def commits(self):
        return self.state["commits"] if self.state else 0

    def money(self):
        """Changes whenever money moved or an order did."""
        return (len(self.orders), len(self.attempts), len(self.fills), len(self.live_attempts()), self.lamports(),
                self.reserved(), len(self.open_positions()), len(self.exits))


def attempt(row):
    """An attempt's name, as records write it: 241057.0.1."""
    return f"{row['order_seq']}.{row['order_nth']}.{row['number']}"


def costs(row):
    return sum(row[name] or 0 for name in ("cost_base", "cost_priority", "cost_tip"))


def orders_are_whole(book):
    """One live buy of a token; every fill of one journaled attempt; every end explained."""
    live = Counter(row["mint"] for row in book.orders if row["side"] == "buy" and row["closed_at"] is None)
    for mint, buys in live.items():
        if buys > 1:
            yield f"orders: {buys} live buys of {mint}"
    open_orders = {(row["seq"], row["nth"]) for row in book.orders if row["closed_at"] is None}
    for row in book.buys:
        if (row["order_seq"], row["order_nth"]) not in open_orders:
            yield f"buys: the buy of {row['mint']} goes on, its order does not"
    if book.fill_rows != len(book.fills):
        yield f"fills: {book.fill_rows} rows for {len(book.fills)} attempts"
    for name, fill in book.fills.items():
        of = book.attempts.get(name)
        if of is None:
            yield f"fills: no attempt {name}"
        elif of["outcome"] != "landed" or of["ended_at"] is None:
            yield f"fills: attempt {name} filled and is {of['outcome']}"
        elif of["mint"] != fill["mint"] or of["side"] != fill["side"] or of["wallet"] != fill["wallet"]:
            yield f"fills: the fill of {name} is of another order"
        elif of["side"] == "buy" and (fill["lamports"] > of["spend"] or fill["tokens"] < of["min_tokens"]):
            yield f"fills: {name} paid more or got less than its bytes allow"
        elif of["side"] == "sell" and (fill["tokens"] > of["tokens"] or fill["lamports"] < of["min_lamports"]):
            yield f"fills: {name} sold more or got less than its bytes allow"
    for name, row in book.attempts.items():
        if row["outcome"] == "landed" and name not in book.fills:
            yield f"attempts: {name} landed without a fill"
        if row["outcome"] in ("landed", "failed", "expired") and row["raw"] is None:
            yield f"attempts: {name} {row['outcome']} and its bytes were never journaled"
        if row["raw"] is not None:
            said = json.loads(row["raw"])
            of = said["attempt"]
            if f"{of['order']['seq']}.{of['order']['nth']}.{of['number']}" != name or said["mint"] != row["mint"]:
                yield f"attempts: the bytes of {name} are those of another"


def money_is_whole(book):
    """Balances twice over: by the account's classes, and by fills and failures alone. To the lamport."""
    for account in book.accounts:
        wallet = account["wallet"]
        moved = account["balance"] - account["opening"]
        classed = sum(book.classes[wallet].values())
        if classed != moved:
            yield f"accounts: {wallet} moved {moved} lamports, its classes say {classed}"
        told = 0
        for fill in book.fills.values():
            if fill["wallet"] == wallet:
                told += fill["lamports"] if fill["side"] == "sell" else -fill["lamports"]
                told -= costs(fill) + fill["rent_locked"]
        for row in book.attempts.values():
            if row["wallet"] == wallet and row["outcome"] == "failed":
                told -= costs(row)
        if told != moved:
            yield f"accounts: {wallet} moved {moved} lamports, fills and failures say {told}"


def positions_are_whole(book):
    """Positions are the sums of fills; results are what came in less what went out; one open position a token."""
    for mint, count in Counter(row["mint"] for row in book.open_positions()).items():
        if count > 1:
            yield f"positions: {count} open ones in {mint}"
    held = defaultdict(Counter)
    for fill in book.fills.values():
        of = held[fill["mint"]]
        of["bought" if fill["side"] == "buy" else "sold"] += fill["tokens"]
        of["cost" if fill["side"] == "buy" else "proceeds"] += fill["lamports"]
        of["venue_fees"] += fill["fee_lp"] + fill["fee_protocol"] + fill["fee_creator"]
    kept = defaultdict(Counter)
    for row in book.positions.values():
        for name in ("bought", "sold", "cost", "proceeds", "venue_fees"):
            kept[row["mint"]][name] += row[name]
        if row["closed_at"] is not None and row["pnl"] != row["proceeds"] - row["cost"] - row["network"]:
            yield f"positions: the result of {row['mint']} is {row['pnl']}"
        if row["closed_at"] is not None and row["bought"] != row["sold"]:
            yield f"positions: {row['mint']} is closed with {row['bought'] - row['sold']} left"
    for mint in held.keys() | kept.keys():
        if +held[mint] != +kept[mint]:
            yield f"positions: {mint} has {dict(kept[mint])}, its fills say {dict(held[mint])}"
    # Rungs that are done were sold, and nothing of a ladder is sold twice.
    for (mint, opened, rung), leg in book.legs.items():
        position = book.positions[(mint, opened)]
        sold = sum(other["tokens"] for (of, at, _), other in book.legs.items()
                   if (of, at) == (mint, opened) and other["leg"] == "Done")
        if position["closed_at"] is None and sold > position["sold"]:
            yield f"ladder_legs: {sold} of {mint} are done, {position['sold']} are sold"
            break


def failed_late(book, attempt):
    """Whether a sale failed when a newer one had closed its position: no position carries its costs."""
    if attempt["side"] != "sell" or attempt["outcome"] != "failed":
        return False
    return not any(row["mint"] == attempt["mint"] and row["opened_at"] <= attempt["ended_at"]
                   and (row["closed_at"] is None or attempt["ended_at"] <= row["closed_at"])
                   for row in book.positions.values())


def counters_are_rows(book):
    """What the trader counts is what there are rows of."""
    if book.desk is None:
        return
    total = json.loads(book.desk["body"])["results"]["total"]
    closed = [row for row in book.positions.values() if row["closed_at"] is not None]
    # A buy that was given up has no position that its costs could be part of.
    given_up = {(row["seq"], row["nth"]) for row in book.orders
                if row["side"] == "buy" and row["closed_at"] is not None and not row["filled"]}
    lost = sum(costs(row) for row in book.attempts.values()
               if (row["order_seq"], row["order_nth"]) in given_up or failed_late(book, row))
    rows = {
        "signals": len(book.signals),
        "fills": len(book.fills),
        "orders": len(book.attempts),
        "exits": len(closed),
        "won": sum(1 for row in closed if row["pnl"] > 0),
        "fees": sum(costs(row) for row in book.attempts.values()),
        "realised": sum(row["pnl"] for row in closed) - lost,
    }
    counted = {name: int(total[name]) for name in rows if name != "exits"}
    counted["exits"] = sum(total["exits"].values())
    for name, count in rows.items():
        if counted[name] != count:
            yield f"desk: counts {counted[name]} {name}, there are {count}"


def stops_and_legs_stand(book):
    """A stop is never below any that was told for its position."""
    for (mint, opened), row in book.positions.items():
        if below(row, row["first_stop_lamports"], row["first_stop_tokens"]):
            yield f"positions: the stop of {mint} is below its first"
        closed = row["closed_at"] or float("inf")
        for move in book.stop_moves:
            if move["mint"] == mint and opened <= move["moved_at"] <= closed:
                if below(row, move["stop"], move["tokens"], slack=1):
                    yield f"positions: the stop of {mint} is below the one told at {move['moved_at']}"
                    break


def below(row, lamports, tokens, slack=0):
    """Whether a position's stop is below `lamports` for `tokens`, by more than the rounding of what was told."""
    return row["stop_lamports"] * tokens < (lamports - slack) * row["stop_tokens"]


RULES = (orders_are_whole, money_is_whole, positions_are_whole, counters_are_rows, stops_and_legs_stand)


class Memory:
    """What earlier looks at a book saw, and what its processes told and sent: none of it may be undone."""

    def __init__(self):
        self.commits = 0
        self.seq = 0
        self.stops = {}
        self.done = set()
        self.fills = {}
        self.closed = {}
        self.told_attempts = set()
        self.told_fills = {}
        self.told_closed = {}

    def hear(self, record):
        """A record that a process printed."""
        schema, kind = record.get("schema"), record.get("kind")
        if schema == "momentum.attempt.v1" and kind == "journaled":
            self.told_attempts.add(record["attempt"])
        elif schema == "momentum.fill.v1":
            told = (record["mint"], record["side"], int(record["token_amount"]), int(record["lamports"]))
            before = self.told_fills.setdefault(record["attempt"], told)
            if before != told:
                # Told twice is allowed (the first telling was not durable), told otherwise is not.
                self.told_fills[record["attempt"]] = ("told otherwise", before, told)
        elif schema == "momentum.position.v1" and kind == "closed":
            self.told_closed[(record["mint"], record["now"])] = record.get("pnl_lamports")

    def check(self, book, sent=()):
        """Findings of one look after a death, before anything starts again."""
        if book.whole != "ok":
            yield f"database: {book.whole}"
            return
        for rule in RULES:
            yield from rule(book)
        if book.commits() < self.commits or (book.state and book.state["last_seq"] < self.seq):
            yield f"bot_state: went back from commit {self.commits}, event {self.seq}"
        for name in sorted(self.told_attempts | set(sent)):
            if book.attempts.get(name, {}).get("raw") is None:
                yield f"broadcast: attempt {name} left and is not journaled"
        for key, (lamports, tokens) in self.stops.items():
            row = book.positions.get(key)
            if row is None:
                yield f"positions: {key[0]} is gone"
            elif row["closed_at"] is None and below(row, lamports, tokens):
                yield f"positions: the stop of {key[0]} fell from {lamports}/{tokens}"
        for key in self.done:
            if book.legs.get(key, {}).get("leg") != "Done":
                yield f"ladder_legs: rung {key[2]} of {key[0]} was done and is armed again"
        for name, fill in self.fills.items():
            if book.fills.get(name) != fill:
                yield f"fills: {name} is gone or another"
        for key, pnl in self.closed.items():
            if book.positions.get(key, {}).get("pnl") != pnl:
                yield f"positions: the result of {key[0]} is another"
        self.keep(book)

    def keep(self, book):
        self.commits = book.commits()
        self.seq = book.state["last_seq"] if book.state else 0
        self.stops = {key: (row["stop_lamports"], row["stop_tokens"]) for key, row in book.positions.items()}
        self.done = {key for key, row in book.legs.items() if row["leg"] == "Done"}
        self.fills = dict(book.fills)
        self.closed = {key: row["pnl"] for key, row in book.positions.items() if row["closed_at"] is not None}

    def check_end(self, book):
        """Findings where a book has come to its end: all that was ever told became so."""
        for name, told in self.told_fills.items():
            fill = book.fills.get(name)
            is_now = fill and (fill["mint"], fill["side"], fill["tokens"], fill["lamports"])
            if is_now != told:
                yield f"fills: {name} was told as {told}, the book has {is_now}"


def restarted_right(book, state, positions):
    """What a bot says after its start is what its book said before."""
    counted = json.loads(book.desk["body"])["results"]["total"] if book.desk else None
    expected = {
        "open_positions": len(book.open_positions()),
        "reserved_lamports": str(book.reserved()),
        "available_lamports": str(book.lamports() - book.reserved()),
        "deployed_lamports": str(sum(row["cost"] for row in book.open_positions())),
        "trades": sum(counted["exits"].values()) if counted else 0,
    }
    if not book.accounts:
        for name in ("available_lamports",):
            expected.pop(name)
    for name, value in expected.items():
        if state[name] != value:
            yield f"restart: {name} is {state[name]}, the book has {value}"
    shown = {row["mint"]: row for row in positions}
    for row in book.open_positions():
        left = row["bought"] - row["sold"]
        now = shown.pop(row["mint"], None)
        if now is None:
            yield f"restart: the position in {row['mint']} is gone"
            continue
        if int(now["token_amount"]) != left:
            yield f"restart: {row['mint']} has {now['token_amount']} tokens, the book has {left}"
        stop = row["stop_lamports"] * left // row["stop_tokens"] if row["stop_tokens"] else 0
        if int(now["stop_lamports"]) < stop:
            yield f"restart: the stop of {row['mint']} is {now['stop_lamports']}, the book has {stop}"
    for mint in shown:
        yield f"restart: there is a position in {mint} that the book has not"
    rent = -sum(of.get("rent_locked", 0) + of.get("rent_freed", 0) for of in book.classes.values())
    worth = book.lamports() + rent + sum(int(row["mark_lamports"]) for row in positions)
    if book.accounts and int(state["equity_lamports"]) != worth:
        yield f"restart: equity is {state['equity_lamports']}, the book's lamports and the marks come to {worth}"


def decisions(book):
    """All that a run decided and all that came of it, without the numbers of its events."""
    pick = lambda row, *names: tuple(row[name] for name in names)
    orders = sorted(pick(row, "opened_at", "mint", "side", "wallet", "closed_at", "filled") + (row["reason"] or "",)
                    for row in book.orders)
    attempts = sorted((row["decided_at"], row["mint"], row["number"], row["side"], row["spend"] or 0,
                       row["min_tokens"] or 0, row["tokens"] or 0, row["min_lamports"] or 0, row["outcome"] or "",
                       row["ended_at"] or 0, costs(row)) for row in book.attempts.values())
    fills = sorted(pick(row, "filled_at", "mint", "side", "tokens", "lamports", "fee_lp", "fee_protocol",
                        "fee_creator", "rent_locked", "slot") for row in book.fills.values())
    positions = sorted((row["opened_at"], row["mint"], row["bought"], row["sold"], row["cost"], row["proceeds"],
                        row["network"], row["closed_at"] or 0, row["reason"] or "", row["pnl"] or 0,
                        row["stop_lamports"], row["stop_tokens"]) for row in book.positions.values())
    legs = sorted((row["opened_at"], row["mint"], row["rung"], row["leg"]) for row in book.legs.values())
    moves = sorted(pick(row, "moved_at", "mint", "stop", "tokens") for row in book.stop_moves)
    exits = sorted(pick(row, "fired_at", "mint", "reason", "tokens", "mark") for row in book.exits)
    signals = sorted((row["made_at"], row["mint"], row["level"], row["outcome"] or "") for row in book.signals)
    balances = sorted(pick(row, "wallet", "balance") for row in book.accounts)
    return {"signals": signals, "orders": orders, "attempts": attempts, "fills": fills, "positions": positions,
            "ladder_legs": legs, "stop_moves": moves, "exits": exits, "accounts": balances}


def same_decisions(killed, plain):
    """What a book that was killed again and again decided otherwise than one that never was."""
    ours, theirs = decisions(killed), decisions(plain)
    for table, rows in ours.items():
        for nth, (one, other) in enumerate(zip(rows, theirs[table])):
            if one != other:
                yield f"decided otherwise: {table} {nth}: {one}, uninterrupted {other}"
                break
        if len(rows) != len(theirs[table]):
            yield f"decided otherwise: {len(rows)} {table}, uninterrupted {len(theirs[table])}"
