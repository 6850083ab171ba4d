#!/usr/bin/env python3
"""A long export at a terminal: it says how far it is, Ctrl+C breaks it off, and nothing is left.
usage: break_off.py MAILFLOW ROOT"""
import glob
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time

EVENTS = 400_000


def write_trace(path):
    """So long that writing it out takes some seconds on any machine."""
    run = '{"e":0,"t":0,"kind":"run","title":"long","seed":"1","epoch_s":0,"program":"test"}\n'
    with open(path, "w", encoding="ascii") as out:
        out.write('{"mailflow-trace":1}\n' + run)
        for e in range(1, EVENTS):
            out.write('{"e":%d,"t":%d,"cause":0,"kind":"input","text":"%s"}\n' % (e, e, "a" * 200))


def start(mailflow, trace, target):
    """Its standard error is a terminal of its own, whose other end is read here."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([mailflow, "replay", trace, "--format", "summary", "--export", target],
                               stdout=subprocess.DEVNULL, stderr=theirs, start_new_session=True)
    os.close(theirs)
    return process, ours


def read_until(process, terminal, is_enough):
    seen, end = b"", time.monotonic() + 100
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.01)[0]:
            try:
                more = os.read(terminal, 4096)
            except OSError:  # the other end was closed
                more = b""
            seen += more
            if not more:
                break
        if is_enough(seen):
            break
    return seen.decode(errors="replace")


def half_written(folder):
    return [path for path in glob.glob(folder + "/out*.*.??????") if os.path.getsize(path) > 0]


def break_off(mailflow, trace, folder, name, number):
    target = os.path.join(folder, name)
    with open(target, "w", encoding="ascii") as old:
        old.write("old")
    process, terminal = start(mailflow, trace, target)
    read_until(process, terminal, lambda seen: half_written(folder))
    assert half_written(folder), "it was not seen at work"
    process.send_signal(number)
    said = read_until(process, terminal, lambda seen: False)
    status = process.wait(60)
    os.close(terminal)
    assert status == 130, (name, status, said)
    assert said.replace("\r\033[K", "").strip().endswith(name + ": broken off, not written"), repr(said)
    assert said.count("\n") == 1, repr(said)
    with open(target, encoding="ascii") as old:
        assert old.read() == "old"
    assert sorted(os.listdir(folder)) == sorted({name, os.path.basename(trace)}), os.listdir(folder)
    os.unlink(target)


def show_progress(mailflow, trace, folder):
    """Held up by a reader that is slow, it has the time to say how far it is."""
    fifo = os.path.join(folder, "out.jsonl")
    os.mkfifo(fifo)
    process, terminal = start(mailflow, trace, fifo)
    with open(fifo, "rb") as reader:
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            reader.read(100_000)
            time.sleep(0.05)
        seen = read_until(process, terminal, lambda seen: b"MB" in seen)
        assert "writing out.jsonl: " in seen and "Ctrl+C breaks off" in seen, repr(seen)
        while reader.read(1 << 20):
            pass
    rest = read_until(process, terminal, lambda seen: False)
    assert process.wait(60) == 0
    os.close(terminal)
    assert rest.endswith("\r\033[Kwrote %s\r\n" % fifo), repr(rest[-200:])
    os.unlink(fifo)


def main():
    mailflow = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "long.jsonl")
        write_trace(trace)
        break_off(mailflow, trace, folder, "out.jsonl", signal.SIGINT)
        break_off(mailflow, trace, folder, "out.csv", signal.SIGTERM)
        show_progress(mailflow, trace, folder)
    print("ok")


main()
