# A lesson at a terminal: keys within a line, the lines before, Tab; and at a dumb terminal plain lines.
#     typing.py MAILFLOW SOURCE
import os
import pty
import select
import sys
import tempfile
import time

PROGRAM, SOURCE = sys.argv[1:]


def run(term, keys, folder):
    """What the terminal gets; each item of keys waits until its prompt stands there again."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM=term, LANG="C.UTF-8")
        os.chdir(SOURCE)
        os.execv(PROGRAM, [PROGRAM, "lesson", "play", "L01", "--work", folder + "/" + term])
    said = b""

    def wait_for(word, count):
        nonlocal said
        end = time.time() + 60
        while said.count(word) < count and time.time() < end:
            if select.select([fd], [], [], 0.2)[0]:
                try:
                    said += os.read(fd, 65536)
                except OSError:
                    return

    wait_for(b"09:00:00> ", 1)
    for key, word in keys:
        before = said.count(word)
        os.write(fd, key)
        wait_for(word, before + 1)
    wait_for(b"your work is in", 1)
    os.waitpid(pid, 0)
    return said.decode("utf-8", "replace")


def main():
    with tempfile.TemporaryDirectory() as folder:
        said = run("xterm", [
            (b"stat\t\r", b"0 of 6 points"),                                # completed
            (b"\x1b[A\x1b[D\x1b[D\x1b[DX\r", b"unknown word"),               # the line before, mended
            (b"look \t", b"dialogue"), (b"dia\t all\r", b"09:00:00> "),    # what there is, and a part of it
            (b"xhelp\x1b[H\x1b[3~\x1b[F s\r", b"look"),                     # Home, Delete, End
            (b"quit\r", b"your work is in"),
        ], folder)
        assert '"staxtus"' in said, said
        assert "ladder  dialogue" in said and "pc-alice" in said, said
        assert "status, steps" in said, said
        plain = run("dumb", [(b"status\r", b"0 of 6 points"), (b"quit\r", b"your work is in")], folder)
        assert "\x1b" not in plain, plain
    print("ok")


main()
