"""How long a restart takes with 100,000 tokens and 1,000 positions: a bot on the embedded market fills its book
with them, ends in order, starts again, is killed, and starts once more. Prints one line of JSON.

usage: restart.py BINARY SEED
"""
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time

binary, seed = sys.argv[1:3]

# Coins come fast and nothing is forgotten or sold: what is measured is how much there is.
SETTINGS = [
    "paper.capital=10000SOL", "sim.launches_per_day=400000", "sim.warm_up=20min", "score.forget=24h",
    "signals.buy_score=40", "signals.buy_progress=20%", "signals.buy_safety=3", "signals.buy_velocity=0",
    "signals.cool_down=1s", "risk.max_position=0.2SOL", "risk.max_concurrent_positions=1000",
    "risk.max_exposure=10000SOL", "risk.capital_share=100%", "risk.max_buys_a_minute=1000",
    "risk.max_fees_a_day=100SOL", "risk.daily_loss_limit=100%", "risk.drawdown_limit=100%",
    "exits.stop_min=90%", "exits.stop_max=90%", "exits.stop_young=90%", "exits.time_stop=24h",
    "exits.sell_score=0", "exits.hold_score=0", "exits.sell_safety=0", "exits.on_migration=hold",
    "exits.take_profit=[600,800,1000]", "exits.trailing_from=1000",
]
TOKENS, POSITIONS = 100_000, 1_000


LONGEST = 1_800


def run(folder, speed):
    sets = [word for setting in SETTINGS for word in ("--set", setting)]
    return subprocess.Popen([binary, "run", "--seed", seed, "--speed", speed, "--json", "--quiet", "--data-dir", folder, *sets],
                            stdout=subprocess.DEVNULL, stderr=open(f"{folder}/stderr", "w"))


def state(folder):
    """What the bot says of itself by its socket; none where none answers."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        try:
            line.connect(f"{folder}/sim-paper/control.sock")
            line.sendall(b"GET /v1/state HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n\r\n")
            said = b""
            while more := line.recv(65_536):
                said += more
        except OSError:
            return None
    head, _, body = said.partition(b"\r\n\r\n")
    return json.loads(body) if head.startswith(b"HTTP/1.1 200") else None


def until(bot, folder, wished, pause):
    """The first state that is as wished."""
    began = time.monotonic()
    while True:
        there = state(folder)
        if there and wished(there):
            return there
        if bot.poll() is not None or time.monotonic() - began > LONGEST:
            bot.kill()
            with open(f"{folder}/stderr") as said:
                sys.exit(f"it never came so far: {there}\n{said.read()}")
        time.sleep(pause)


def held(there):
    return {"tokens": there["tracked_tokens"], "positions": there["open_positions"]}


def start(folder):
    """A bot that goes on, and how it is once it would trade."""
    began = time.monotonic()
    bot = run(folder, "1")
    there = until(bot, folder, lambda there: there["status"] == "running", 0.005)
    return bot, {"ready_s": round(time.monotonic() - began, 2), **held(there)}


with tempfile.TemporaryDirectory() as folder:
    bot = run(folder, "max")
    full = lambda there: there["tracked_tokens"] >= TOKENS and there["open_positions"] >= POSITIONS
    until(bot, folder, full, 0.5)
    bot.send_signal(signal.SIGINT)
    bot.wait()
    bot, ended = start(folder)
    # So long that a snapshot is old when it is killed, and none was written again.
    time.sleep(50)
    bot.kill()
    bot.wait()
    bot, killed = start(folder)
    bot.kill()
    bot.wait()
    print(json.dumps({"seed": seed, "after_an_orderly_end": ended, "after_a_kill": killed}))
