#!/usr/bin/env python3
"""`mailflow serve` under load and abuse: two hundred connections at once, peers that never read, that vanish,
that say half a line and nothing more; it goes on serving others, and nothing is lost.
usage: serve_many.py MAILFLOW ROOT"""
import selectors
import socket
import struct
import sys
import threading
import time

from serve_support import PATIENCE, Serve, expect, fetch_all, letter, submit, wait_for

MANY = 200


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def read_line(client):
    line = b""
    while not line.endswith(b"\n"):
        octet = client.recv(1)
        expect(octet, f"the connection ended within {line!r}")
        line += octet
    return line


def check_many(serve):
    """All are open at the same time before the first of them says anything."""
    port = serve.port("submit:587")
    clients = [connect(port) for _ in range(MANY)]
    waiting = selectors.DefaultSelector()
    for client in clients:
        waiting.register(client, selectors.EVENT_READ)
    greeted, end = set(), time.monotonic() + PATIENCE
    while len(greeted) < MANY and time.monotonic() < end:
        for key, _ in waiting.select(timeout=1):
            expect(key.fileobj.recv(4096).startswith(b"220 "), "no greeting")
            waiting.unregister(key.fileobj)
            greeted.add(key.fd)
    expect(len(greeted) == MANY, f"{len(greeted)} of {MANY} were greeted")
    for client in clients:
        client.close()

    failures = []

    def send(number):
        try:
            submit(port, letter(f"many-{number}"))
        except (OSError, SystemExit) as failure:
            failures.append(f"{number}: {failure}")

    threads = [threading.Thread(target=send, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect(not failures, f"{len(failures)} of {MANY} failed: {failures[:3]}")
    got = wait_for("all mail", lambda: (m := fetch_all(serve.port("mx1:110"))) and len(m) == MANY and m)
    for number in range(MANY):
        content = letter(f"many-{number}")
        expect(sum(m.endswith(content) for m in got) == 1, f"message {number} is not there once")


def vanish(client):
    """As after a power cut: no FIN, the next octet is answered by a reset."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def check_vanishing(serve):
    halves = [b"", b"EH", b"EHLO me\r\n", b"EHLO me\r\nMAIL FROM:<a@example.net>\r\n",
              b"EHLO me\r\nMAIL FROM:<a@example.net>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n",
              b"EHLO me\r\nMAIL FROM:<a@example.net>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nSubject: half\r\n\r\nhal"]
    for half in halves:
        for end in (vanish, socket.socket.close):
            for is_hasty in (True, False):
                client = connect(serve.port("mx1:25"))
                if not is_hasty:
                    read_line(client)
                client.sendall(half)
                end(client)


def big_message(serve):
    body = b"".join(b"%07d so that each line is another one, and long enough to fill buffers\r\n" % i
                    for i in range(40000))
    content = letter("big", body)
    submit(serve.port("submit:587"), content)
    return content


def check_never_reading(serve, content):
    """It asks for three megabytes and does not read: others are served, and when it reads all is there."""
    port = serve.port("mx1:110")
    wait_for("the big one", lambda: any(m.endswith(content) for m in fetch_all(port)))
    number = next(i for i, m in enumerate(fetch_all(port), 1) if m.endswith(content))
    stuck = socket.socket()
    stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stuck.settimeout(PATIENCE)
    stuck.connect(("127.0.0.1", port))
    read_line(stuck)
    stuck.sendall(b"USER bob@example.org\r\n")
    read_line(stuck)
    stuck.sendall(b"PASS secret-bob\r\n")
    read_line(stuck)
    stuck.sendall(b"RETR %d\r\n" % number)
    time.sleep(0.5)
    start = time.monotonic()
    submit(serve.port("submit:587"), letter("meanwhile"))
    expect(time.monotonic() - start < 20, "others had to wait for one that does not read")
    with stuck.makefile("rb") as lines:
        expect(lines.readline().startswith(b"+OK"), "no answer to RETR")
        got = b""
        parts = []
        for line in lines:
            if line == b".\r\n":
                break
            parts.append(line[1:] if line.startswith(b"..") else line)
        got = b"".join(parts)
    expect(got.endswith(content), f"{len(got)} octets came, not those that were sent")
    stuck.close()


def check_questions(serve):
    """Hundreds ask over UDP at once, each from a port of its own, among octets that are no questions."""
    question = b"MF\x01\0\0\1\0\0\0\0\0\0\3mx1\7example\3org\0\0\1\0\1"
    address = ("127.0.0.1", serve.port("dns:53", protocol="dns-udp"))
    clients = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(MANY)]
    for number, client in enumerate(clients):
        client.settimeout(1)
        client.sendto(question[:number % len(question)], address)
    for client in clients: # some are lost, as datagrams are: who asks asks again
        for _ in range(5):
            client.sendto(question, address)
            try:
                expect(client.recv(512).startswith(b"MF"), "another answer")
                break
            except TimeoutError:
                continue
        else:
            sys.exit("serve_many: five questions, no answer")
    for client in clients:
        client.close()


def check_flood(serve):
    """Commands without end from one that reads no reply: it comes to a standstill, others do not."""
    flood = socket.socket()
    flood.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    flood.connect(("127.0.0.1", serve.port("mx1:25")))
    flood.setblocking(False)
    start = moved = time.monotonic()
    while time.monotonic() - moved < 2:
        expect(time.monotonic() - start < PATIENCE, "the flood is swallowed without end")
        try:
            flood.send(b"EHLO a\r\n" * 2000)
            moved = time.monotonic()
        except BlockingIOError:
            time.sleep(0.01)
    submit(serve.port("submit:587"), letter("beside-the-flood"))
    vanish(flood)


def check_load(mailflow, root):
    with Serve(mailflow, root, "two-towns", "--no-latency") as serve:
        check_many(serve)
        check_vanishing(serve)
        check_questions(serve)
        check_never_reading(serve, big_message(serve))
        check_flood(serve)
        events = serve.stop()
        opened = {e["conn"] for e in events if e["kind"] == "tcp.connect"}
        closed = {e["conn"] for e in events if e["kind"] == "tcp.close"}
        expect(opened == closed, f"{len(opened - closed)} connections have no end")


def check_idle(mailflow, root):
    """One that says nothing, and one that reads nothing, are broken off after the time given; one that speaks
    now and then is not."""
    with Serve(mailflow, root, "two-towns", "--no-latency", "--idle", "1500ms") as serve:
        silent, lively = connect(serve.port("mx1:25")), connect(serve.port("mx1:25"))
        read_line(silent)
        read_line(lively)
        start = time.monotonic()
        while time.monotonic() - start < 4:
            lively.sendall(b"NOOP\r\n")
            expect(read_line(lively).startswith(b"250"), "the lively one was broken off")
            time.sleep(0.3)
        try:
            expect(silent.recv(100) == b"", "octets came out of nowhere")
        except ConnectionResetError:
            pass
        lively.close()
        serve.stop()


def main():
    mailflow, root = sys.argv[1:3]
    check_load(mailflow, root)
    check_idle(mailflow, root)
    print(f"{MANY} at once; vanished, stuck and idle peers did no harm")


main()
