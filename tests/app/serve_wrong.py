#!/usr/bin/env python3
"""What `mailflow serve` says when it can't: one line, with the way out, and status 2.
usage: serve_wrong.py MAILFLOW ROOT"""
import os
import resource
import socket
import subprocess
import sys
import tempfile

from serve_support import expect


def run(mailflow, root, *options, files=None):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    return subprocess.run([mailflow, "serve", f"{root}/topologies/two-towns.json", "--for", "0.2", *options],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
                          preexec_fn=limit if files else None)


def check_wrong(mailflow, root, says, *options, files=None):
    done = run(mailflow, root, *options, files=files)
    lines = done.stderr.rstrip("\n").split("\n")
    expect(done.returncode == 2, f"{options}: status {done.returncode}: {done.stderr}")
    expect(lines[-1].startswith("mailflow serve: ") and says in lines[-1], f"{options}: says {done.stderr}")


def main():
    mailflow, root = sys.argv[1:3]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        check_wrong(mailflow, root, f"port {port} of this machine is in use; give mx1:25 another one: --map mx1:25=",
                    "--map", f"mx1:25={port}")
    check_wrong(mailflow, root, 'there is no host "mx2"; did you mean mx1?', "--map", "mx2:25=2525")
    check_wrong(mailflow, root, "nobody listens on port 26 of mx1; its ports: 25, ", "--map", "mx1:26=2525")
    check_wrong(mailflow, root, "did you mean pc-alice?", "--as", "pc-alise")
    check_wrong(mailflow, root, "did you mean mx1?", "--at", "mx")
    check_wrong(mailflow, root, "say one of them", "--at", "mx1", "--as", "mx1")
    check_wrong(mailflow, root, "only servers on this machine", "--real", "mx1=192.0.2.1:25")
    check_wrong(mailflow, root, "--pace: expected a number", "--pace", "fast")
    check_wrong(mailflow, root, "--epoch: expected", "--epoch", "tomorrow")
    check_wrong(mailflow, root, "--idle: expected a time", "--idle", "0")
    check_wrong(mailflow, root, "name a file", "--export", "-")
    check_wrong(mailflow, root, "unknown ending", "--export", "trace.xyz")
    check_wrong(mailflow, root, "no port to open", "--only-mapped")
    check_wrong(mailflow, root, "not enough file descriptors", files=14)
    with tempfile.TemporaryDirectory() as folder:
        ports = os.path.join(folder, "ports")
        check_wrong(mailflow, root, "there is no host", "--ports-file", ports, "--map", "nowhere-at-all:1=1")
        expect(not os.path.exists(ports), "there is a ports file, but no ports")
        done = run(mailflow, root, "--ports-file", ports, "--until", "1s", "--pace", "10")
        expect(done.returncode == 0, f"status {done.returncode}: {done.stderr}")
        with open(ports, encoding="ascii") as file:
            expect(file.read().endswith("\nready\n"), "not ready")
        expect("mx1:25" in done.stdout and "bob@example.org secret-bob" in done.stdout, f"the table: {done.stdout}")
    print("each says what is wrong and what to do")


main()
