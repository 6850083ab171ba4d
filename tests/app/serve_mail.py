#!/usr/bin/env python3
"""Programs that are not ours, through `mailflow serve`: a message goes in by smtplib and comes out by poplib,
octet for octet, over both addresses, within TLS and without, with real latency and without, as another host, at another pace; a
question over UDP is answered; a signal ends it and the trace is whole. usage: serve_mail.py MAILFLOW ROOT"""
import poplib
import signal
import smtplib
import socket
import ssl
import struct
import sys
import time

from serve_support import PATIENCE, Serve, expect, fetch_all, letter, submit, wait_for

# What trips up those who carry mail: dots, 8 bits, long and empty lines, lines like headers.
BODIES = [
    b".\r\n..\r\n.a\r\n...\r\n",
    "Grüße über drei Zeilen\r\n\r\n\r\n€\r\n".encode(),
    b"x" * 990 + b"\r\n" + b" \t \r\n\r\n",
    b"From: nobody\r\n>From here\r\nFrom here\r\n\r\n.\r\n\r\n",
    b"\r\n" * 50,
    b"".join(b"line %d of a longer message\r\n" % i for i in range(5000)),
]


def check_octets(serve, host):
    before = len(fetch_all(serve.port("mx1:110")))
    sent = [letter(f"token-{host}-{i}", body) for i, body in enumerate(BODIES)]
    for content in sent:
        submit(serve.port("submit:587"), content, host)
    got = wait_for("delivery", lambda: (m := fetch_all(serve.port("mx1:110"))) and len(m) == before + len(sent) and m)
    for content in sent:
        found = [m for m in got if m.endswith(b"\r\n" + content) or m.endswith(content)]
        expect(len(found) == 1, f"not found as it was sent: {content[:200]!r}")
        top = found[0][:-len(content)]
        expect(top.count(b"Received: ") == 3, f"not three Received fields on top: {top!r}")


def ask_dns(port, name, kind):
    question = struct.pack(">HHHHHH", 0x4D46, 0x0100, 1, 0, 0, 0)
    question += b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
    question += struct.pack(">HH", kind, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE)
        client.sendto(question, ("127.0.0.1", port))
        return client.recv(4096)


def check_dns(serve):
    port = serve.port("dns:53", protocol="dns-udp")
    for _ in range(3):
        answer = ask_dns(port, "mx1.example.org", 1)
        expect(answer[:2] == b"MF" and answer[2] & 0x80 and answer[3] & 15 == 0, f"no answer: {answer!r}")
        expect(answer.endswith(bytes([203, 0, 113, 25])), f"another address: {answer!r}")
    expect(ask_dns(port, "nobody.example.org", 1)[3] & 15 == 3, "NXDOMAIN is missing (RFC 1035 4.1.1)")


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def check_trace(events):
    places = [e for e in events if e["kind"] in ("host", "agent")]
    ids = [e["id"] for e in places]
    expect(ids.count("visitor") == 1, "there is no visitor")
    connects = [e for e in events if e["kind"] == "tcp.connect" and e["from"] == "visitor"]
    expect(connects, "no connection of the visitor")
    times = [e["t"] for e in events]
    expect(times == sorted(times), "time goes back")
    expect(all(e["cause"] < i for i, e in enumerate(events) if i and "cause" in e), "an effect before its cause")
    closed = {e["conn"] for e in events if e["kind"] == "tcp.close"}
    left = [e["conn"] for e in connects if e["conn"] not in closed]
    expect(not left, f"connections without an end: {left}")


def check_fast(mailflow, root):
    with Serve(mailflow, root, "two-towns", "--no-latency") as serve:
        check_octets(serve, "127.0.0.1")
        if has_ipv6():
            check_octets(serve, "::1")
        check_dns(serve)
        check_trace(serve.stop(signal.SIGINT))


def check_latency(mailflow, root):
    """20 ms a line and direction: visitor, out, submit are 80 ms there and back."""
    with Serve(mailflow, root, "two-towns") as serve:
        with smtplib.SMTP("127.0.0.1", serve.port("submit:587"), timeout=PATIENCE) as client:
            start = time.monotonic()
            client.noop()
            took = time.monotonic() - start
        expect(took >= 0.079, f"a command and its reply took {took:.3f} s; the lines take 0.08 s")
        epoch = serve.stop()[0]["epoch_s"]
        expect(abs(epoch - time.time()) < 120, f"the clock started at {epoch}")


def check_tls(mailflow, root):
    """The run's authority is trusted, and the certificate is good for localhost (RFC 3207, 2595)."""
    with Serve(mailflow, root, "two-towns", "--no-latency") as serve:
        trust = ssl.create_default_context(cafile=serve.ca_file)
        content = letter("within-tls")
        with smtplib.SMTP("localhost", serve.port("submit:587"), timeout=PATIENCE) as client:
            client.starttls(context=trust)
            expect(client.sock.version() in ("TLSv1.2", "TLSv1.3"), f"it speaks {client.sock.version()}")
            client.login("alice@example.com", "secret-alice")
            client.sendmail("alice@example.com", ["bob@example.org"], content, mail_options=["BODY=8BITMIME"])
        wait_for("delivery", lambda: fetch_all(serve.port("mx1:110")))
        client = poplib.POP3("localhost", serve.port("mx1:110"), timeout=PATIENCE)
        client.stls(context=trust)
        client.user("bob@example.org")
        client.pass_("secret-bob")
        got = b"".join(line + b"\r\n" for line in client.retr(1)[1])
        client.quit()
        expect(got.endswith(content), f"other octets: {got!r}")
        events = serve.stop()
        said = [e["data"] for e in events if e["kind"] == "tls.data"]
        expect(any("MAIL FROM" in str(d).upper() for d in said), "the trace does not know what was said within TLS")
    with Serve(mailflow, root, "two-towns", "--no-latency", "--no-tls") as serve:
        with smtplib.SMTP("localhost", serve.port("submit:587"), timeout=PATIENCE) as client:
            client.ehlo()
            expect(not client.has_extn("starttls"), "TLS is offered with --no-tls")


def check_pace(mailflow, root):
    """Forty times as fast, out of pc-alice, at another date."""
    with Serve(mailflow, root, "two-towns", "--pace", "40", "--as", "pc-alice", "--epoch",
               "2030-01-02T03:04:05Z") as serve:
        submit(serve.port("submit:587"), letter("in-2030"))
        got = wait_for("delivery", lambda: fetch_all(serve.port("mx1:110")))
        expect(b"; Wed, 2 Jan 2030 03:" in got[0] and b"([198.51.100.10])" in got[0], f"other words on top: {got[0]!r}")
        events = serve.stop()
        expect(any(e["kind"] == "tcp.connect" and e["from"] == "pc-alice" for e in events), "not from pc-alice")


def main():
    mailflow, root = sys.argv[1:3]
    check_fast(mailflow, root)
    check_latency(mailflow, root)
    check_pace(mailflow, root)
    check_tls(mailflow, root)
    print("sent, fetched, the same octets, in TLS and in clear; asked and answered; ended by signals")


main()
