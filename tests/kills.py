"""Kills the real bot at random moments, looks at its book, starts it again, and compares it with one that lived.

    kills.py BINARY random  SEED KILLS    kill -9 at random moments of paper runs on the embedded market
    kills.py BINARY points  SEED          a death at every fail point of an order's life
    kills.py BINARY exits   SEED DEATHS   deaths while nothing is committed and sales leave by the exit journal
    kills.py BINARY mutants SEED          planted faults, each of which must be found

Prints what was done, and on the last line the figures as JSON; exits 1 with every finding where there is one.
All but the first need a binary with the feature `planted`; where it is there, what left is read from the wire's log too.
"""

import json
import os
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kills"))
from book import Book, Memory, attempt, restarted_right, same_decisions  # noqa: E402

SPEED = 400
UNTIL = "3h"
# Gates lowered and limits raised, so that there is always something in flight.
SETTINGS = [
    "sim.warm_up=30 min", "signals.buy_score=68", "signals.buy_progress=50 %", "signals.cool_down=5 min",
    "risk.max_concurrent_positions=6", "risk.daily_loss_limit=60 %", "risk.drawdown_limit=60 %",
]
# Nobody waits longer for anything here: a bot that does not start in this time does not start.
PATIENCE = 30.0

POINTS = [f"{when} {what}" for what in (
    "market named", "append", "commit", "kill file", "broadcast", "landed", "position opened", "exit fired", "snapshot",
) for when in ("before", "after")]

MUTANTS = {
    "broadcast before commit": "broadcast:",
    "journal skipped": "broadcast:",
    "reservation forgotten": "restart: reserved_lamports",
    "fill applied twice": "restart:",
    "stop level lost": "restart: the stop",
    "exit leg armed again": "ladder_legs:",
    "exit journal unread": "broadcast:",
}


# Books of bots that were never killed, by seed.
UNINTERRUPTED = {}


class Life:
    """One process of the bot, from its start to its end."""

    def __init__(self, bot, speed, until=UNTIL, planted=None):
        command = [bot.binary, "run", "--seed", str(bot.seed), "--speed", str(speed), "--until", until, "-o", "jsonl",
                   "--data-dir", bot.folder]
        for setting in SETTINGS:
            command += ["--set", setting]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MOMENTUM_")}
        environment |= {"MOMENTUM_WIRE": bot.wire, "MOMENTUM_SNAPSHOT_MS": "700"} | (planted or {})
        self.bot = bot
        self.began = time.monotonic()
        self.errors = open(bot.folder + ".err", "ab")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors,
                                        env=environment)
        self.pipe = self.process.stdout.fileno()
        os.set_blocking(self.pipe, False)
        self.rest = b""
        self.ended = False

    def records(self, wait):
        """Records that come within `wait` seconds; none where none did, or none will come any more."""
        if self.ended or not select.select([self.pipe], [], [], max(wait, 0))[0]:
            return []
        chunk = os.read(self.pipe, 1 << 20)
        self.ended = not chunk
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        records = [json.loads(line) for line in lines]
        for record in records:
            self.bot.memory.hear(record)
        return records

    def until(self, wanted, seconds):
        """Waits for a record; whether it came."""
        deadline = time.monotonic() + seconds
        while not self.ended and time.monotonic() < deadline:
            if any(wanted(record) for record in self.records(deadline - time.monotonic())):
                return True
        return False

    def live_for(self, seconds):
        """Lets it live; whether it still does."""
        deadline = time.monotonic() + seconds
        while not self.ended and time.monotonic() < deadline:
            self.records(deadline - time.monotonic())
        return not self.ended

    def over(self):
        """Hears what it told last; its exit status."""
        deadline = time.monotonic() + PATIENCE
        while not self.ended and time.monotonic() < deadline:
            self.records(0.5)
        status = self.process.wait(timeout=PATIENCE)
        self.process.stdout.close()
        self.errors.close()
        return status

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        return self.over()

    def to_its_end(self):
        """Its exit status, however long it takes."""
        deadline = time.monotonic() + 10 * PATIENCE
        while not self.ended and time.monotonic() < deadline:
            self.records(1.0)
        return self.over()

    def ask(self, path):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE)
            line.connect(os.path.join(self.bot.book_folder, "control.sock"))
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: momentum\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while chunk := line.recv(1 << 16):
                answer += chunk
        head, body = answer.split(b"\r\n\r\n", 1)
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"{path}: {head!r}")
        return json.loads(body)

    def ready(self):
        """State and positions once they are told; None where the process ended before."""
        while time.monotonic() - self.began < PATIENCE:
            try:
                state = self.ask("/v1/state")
                self.bot.ready.append(time.monotonic() - self.began)
                positions = self.ask("/v1/positions")
                again = self.ask("/v1/state")
                # Two asks are no one moment: state and positions must be of the same.
                while any(state[name] != again[name] for name in ("equity_lamports", "open_positions")):
                    state, positions, again = again, self.ask("/v1/positions"), self.ask("/v1/state")
                return state, positions
            except (ConnectionError, FileNotFoundError, socket.timeout):
                self.records(0.005)
                if self.ended:
                    return None
        return None


class Bot:
    """A bot of one seed, in a folder of its own, through all its lives."""

    def __init__(self, binary, seed, scratch):
        self.binary, self.seed, self.scratch = binary, seed, scratch
        self.folder = tempfile.mkdtemp(prefix=f"s{seed}-", dir=scratch)
        self.book_folder = os.path.join(self.folder, "sim-paper")
        self.wire = self.folder + ".wire"
        self.memory = Memory()
        self.ready = []
        self.findings = []
        self.compared = self.moved = 0
        self.redecided = False

    def book(self):
        """The book as it is now, from a copy: the next start finds what the last death left."""
        copy = tempfile.mkdtemp(dir=self.scratch)
        try:
            for name in ("momentum.db", "momentum.db-wal"):
                if os.path.exists(os.path.join(self.book_folder, name)):
                    shutil.copy(os.path.join(self.book_folder, name), copy)
            return Book(os.path.join(copy, "momentum.db"))
        finally:
            shutil.rmtree(copy)

    def sent(self):
        """Attempts that left, as the wire saw them."""
        if not os.path.exists(self.wire):
            return []
        with open(self.wire, encoding="utf-8") as wire:
            return wire.read().split()

    def look(self, when):
        """Looks at a dead bot's book."""
        book = self.book()
        # An order of which the decision alone was written when it died was never signed: the next start refuses it and
        # decides anew, which a bot that lives has no need to.
        self.redecided |= any(row["raw"] is None for row in book.live_attempts())
        self.found(when, self.memory.check(book, self.sent()))
        return book

    def found(self, when, findings):
        self.findings += [f"seed {self.seed}, {when}: {finding}" for finding in findings]

    def restart(self, book, when, planted=None):
        """Starts it as slow as the wall, compares what it says with what its book was, and kills it."""
        life = Life(self, 1, planted=planted)
        answers = life.ready()
        moved = answers is not None and self.book().money() != book.money()
        status = life.kill()
        if answers is None:
            self.found(when, [f"restart: no state told, exit status {status}: {self.last_words()}"])
        elif moved:
            self.moved += 1  # Something landed between death and question: there is nothing to compare.
        else:
            self.compared += 1
            self.found(when, restarted_right(book, *answers))
        return self.look(when + ", killed once more")

    def last_words(self):
        with open(self.folder + ".err", encoding="utf-8", errors="replace") as errors:
            return " / ".join(errors.read().splitlines()[-3:])

    def finish(self, when):
        """Plays it to its end and compares it with a bot that was never killed."""
        status = Life(self, "max").to_its_end()
        if status != 0:
            self.found(when, [f"restart: exit status {status}: {self.last_words()}"])
            return
        book = self.look(when)
        self.found(when, self.memory.check_end(book))
        if not self.redecided:
            self.found(when, same_decisions(book, self.uninterrupted(when)))

    def uninterrupted(self, when):
        """The book of a bot of the same seed that was never killed."""
        if self.seed not in UNINTERRUPTED:
            plain = Bot(self.binary, self.seed, self.scratch)
            status = Life(plain, "max").to_its_end()
            if status != 0:
                self.found(when, [f"uninterrupted: exit status {status}: {plain.last_words()}"])
            UNINTERRUPTED[self.seed] = plain.book()
            plain.clear()
        return UNINTERRUPTED[self.seed]

    def clear(self):
        shutil.rmtree(self.folder)
        for suffix in (".err", ".wire"):
            if os.path.exists(self.folder + suffix):
                os.remove(self.folder + suffix)


def is_order(record):
    return record.get("schema") == "momentum.order.v1" and record.get("kind") == "opened"


def is_rung_sold(record):
    """A sale of a part: what a restart may not sell again."""
    return (record.get("schema") == "momentum.position.v1" and record.get("kind") == "exit_fired"
            and record.get("reason") == "ladder")


def wait_for_a_rung(life, chance):
    """Waits until a rung is sold, or for any other moment; whether the bot still lives."""
    if chance.random() < 0.25:
        return wait_for_a_moment(life, chance, False)
    life.until(is_rung_sold, PATIENCE)
    return life.live_for(2.0 / SPEED + chance.uniform(0.0, 0.05))


def wait_for_a_moment(life, chance, first):
    """Waits for the moment of a kill; whether the bot still lives."""
    if first:
        return life.live_for(chance.uniform(0.0, 0.4))
    how = chance.random()
    if how < 0.65:
        for _ in range(chance.randint(1, 2)):
            life.until(is_order, PATIENCE)
        # Up to two seconds of market time.
        time.sleep(chance.uniform(0.0, 2.0) / SPEED)
    elif how < 0.85:
        life.until(lambda record: record.get("schema") == "momentum.position.v1", PATIENCE)
        life.live_for(chance.uniform(0.0, 0.3))
    else:
        life.live_for(chance.uniform(0.0, 1.0))
    return not life.ended


def random_kills(binary, seed, kills, scratch):
    """`kill -9` at random moments, book after book, until there were so many."""
    done, holding, living, books, alike = 0, 0, 0, 0, 0
    findings, ready, compared, moved = [], [], 0, 0
    while done < kills:
        chance = random.Random(f"{seed} {books}")
        bot = Bot(binary, seed * 1000 + books, scratch)
        books += 1
        first = True
        while done < kills:
            life = Life(bot, SPEED)
            lives = wait_for_a_moment(life, chance, first)
            first = False
            if not lives:
                life.over()
                break
            life.kill()
            done += 1
            when = f"kill {done}"
            book = bot.look(when)
            holding += bool(book.open_positions())
            living += bool(book.live_attempts())
            bot.restart(book, when)
        bot.finish("at its end")
        alike += not bot.redecided
        findings += bot.findings
        ready += bot.ready
        compared, moved = compared + bot.compared, moved + bot.moved
        bot.clear()
    ready.sort()
    return findings, {
        "kills": done,
        "with_an_open_position": holding,
        "inside_a_live_attempt": living,
        "books": books,
        "books_compared_with_uninterrupted": alike,
        "restarts_compared": compared,
        "restarts_that_had_moved": moved,
        "ready_s_median": round(ready[len(ready) // 2], 3) if ready else None,
        "ready_s_max": round(ready[-1], 3) if ready else None,
    }


def fail_points(binary, seed, scratch):
    """Dies at every fail point, at more than one passing of it."""
    died, findings, alike = {}, [], 0
    for nth, point in enumerate(POINTS):
        chance = random.Random(f"{seed} {point}")
        bot = Bot(binary, seed * 1000 + nth % 4, scratch)
        # A market is named once in a book; a run this fast writes few snapshots.
        passings = {"market named": (1,), "snapshot": (1, 2)}.get(point.split(" ", 1)[1], (1, chance.randint(2, 6)))
        for passing in passings:
            # The first events of a run are appended before anything was decided: go further in.
            passing += chance.randint(5, 60) if "append" in point else 0
            life = Life(bot, SPEED * 20, planted={"MOMENTUM_FAIL_AT": f"{point}:{passing}", "MOMENTUM_SNAPSHOT_MS": "200"})
            status = life.to_its_end()
            when = f"{point}, passing {passing}"
            if status != -signal.SIGABRT:
                bot.found(when, [f"fail point: it did not die there but ended with {status}"])
                break
            died[point] = died.get(point, 0) + 1
            bot.restart(bot.look(when), when)
        bot.finish(point)
        alike += not bot.redecided
        findings += bot.findings
        bot.clear()
    return findings, {"points": len(POINTS), "deaths": died, "books_compared_with_uninterrupted": alike}


def death_without_commits(bot, chance, planted=None, stop="commits stop"):
    """Dies while sales leave by the exit journal and nothing of them is in the book, or of the first its decision
    alone, then starts again: the book must know each of them. Gives how many had left so."""
    life = Life(bot, SPEED, planted={"MOMENTUM_PLANTED": stop})
    is_sale = lambda record: is_order(record) and record.get("side") == "sell"
    life.until(is_sale, PATIENCE)
    life.live_for(chance.uniform(0.0, 0.3))
    life.kill()
    book = bot.book()
    left = [name for name in bot.sent() if name not in book.attempts or book.attempts[name]["raw"] is None]
    # What that process told was told of a book that took nothing any more.
    bot.memory = Memory()
    life = Life(bot, 1, planted=planted)
    answers = life.ready()
    life.kill()
    when = "a death without commits"
    if answers is None:
        bot.found(when, [f"restart: no state told: {bot.last_words()}"])
        return len(left)
    book = bot.look(when)
    orders = {name.rsplit(".", 1)[0] for name in left}
    live = {attempt(row): row for row in book.live_attempts() if row["side"] == "sell"}
    for mint in {live[name]["mint"] for name in left if name in live}:
        again = [name for name, row in live.items() if row["mint"] == mint and name.rsplit(".", 1)[0] not in orders]
        bot.found(when, [f"sales: {mint} is sold by {name}, and what left before has no end" for name in again])
    return len(left)


def exits(binary, seed, deaths, scratch):
    """Deaths while the database takes nothing: what left by the exit journal is in the book after a start, and is
    not sold again."""
    findings, left, done = [], 0, 0
    while done < deaths:
        chance = random.Random(f"{seed} exits {done}")
        bot = Bot(binary, seed * 1000 + done, scratch)
        left += death_without_commits(bot, chance, stop=("commits stop", "commits stop behind decision")[done % 2])
        status = Life(bot, "max").to_its_end()
        if status != 0:
            bot.found("its end", [f"restart: exit status {status}: {bot.last_words()}"])
        bot.look("its end")
        findings += bot.findings
        bot.clear()
        done += 1
    if left < deaths:
        findings.append(f"only {left} sales left by the exit journal in {deaths} deaths")
    return findings, {"deaths": done, "sales_by_the_exit_journal": left}


def mutants(binary, seed, scratch):
    """Plants each fault and kills until the checker finds it; the finding must be the fault's own."""
    caught, findings = {}, []
    for name, sign in MUTANTS.items():
        tries = 0
        for book in range(6):
            chance = random.Random(f"{seed} {name} {book}")
            bot = Bot(binary, seed * 1000 + book, scratch)
            if name == "exit journal unread":
                death_without_commits(bot, chance, {"MOMENTUM_PLANTED": name})
                tries += 1
                found = list(bot.findings)
                bot.clear()
                if found:
                    break
                continue
            planted = {"MOMENTUM_PLANTED": name}
            alive = True
            while alive and not bot.findings and tries < 60:
                life = Life(bot, SPEED, planted=planted)
                ladder = name == "exit leg armed again"
                alive = wait_for_a_rung(life, chance) if ladder else wait_for_a_moment(life, chance, False)
                life.kill() if alive else life.over()
                tries += 1
                when = f"{name}, kill {tries}"
                seen = bot.look(when)
                if alive and not bot.findings:
                    bot.restart(seen, when, planted)
            found = list(bot.findings)
            bot.clear()
            if found:
                break
        if any(sign in finding for finding in found):
            caught[name] = {"kills": tries, "finding": next(finding for finding in found if sign in finding)}
        else:
            findings.append(f"mutant {name} was not caught: {found or 'nothing was found'}")
    return findings, {"mutants": len(MUTANTS), "caught": caught}


def main():
    binary, what, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kills-") as scratch:
        if what == "random":
            findings, figures = random_kills(binary, seed, int(sys.argv[4]), scratch)
        elif what == "points":
            findings, figures = fail_points(binary, seed, scratch)
        elif what == "exits":
            findings, figures = exits(binary, seed, int(sys.argv[4]), scratch)
        else:
            findings, figures = mutants(binary, seed, scratch)
    for finding in findings:
        print(f"FOUND {finding}")
    print(json.dumps({"what": what, "seed": seed, "seconds": round(time.monotonic() - began), **figures}))
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
