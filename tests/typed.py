"""Gives a command on a terminal, and types a line for each prompt that comes: python3 typed.py LINES COMMAND…

LINES are separated by newlines. What the terminal showed goes to stdout, and the command's status is that of this.
"""

import os
import pty
import select
import sys
import termios
import time

lines, command = sys.argv[1].split("\n"), sys.argv[2:]
process, terminal = pty.fork()
if process == 0:
    os.execv(command[0], command)
shown = b""
while select.select([terminal], [], [], 60)[0]:
    try:
        some = os.read(terminal, 4096)
    except OSError:
        break
    if not some:
        break
    shown += some
    sys.stdout.buffer.write(some)
    if lines and shown.endswith(b": "):
        shown = b""
        # What is typed before the terminal hides it is thrown away when it does.
        while termios.tcgetattr(terminal)[3] & termios.ECHO:
            time.sleep(0.01)
        os.write(terminal, lines.pop(0).encode() + b"\n")
_, status = os.waitpid(process, 0)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status))
