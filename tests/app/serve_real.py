#!/usr/bin/env python3
"""`mailflow serve --real`: a server that is not ours stands for a host of the topology. Simulated servers
deliver to it over a real socket; what it sends comes back in, and the Received chain tells the same story.
When it is not there, mail waits. usage: serve_real.py MAILFLOW ROOT"""
import socket
import socketserver
import smtplib
import sys
import threading

from serve_support import PATIENCE, Serve, expect, fetch_all, letter, submit, wait_for


class Session(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a sender needs."""
    timeout = PATIENCE

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def take_message(self):
        self.say("354 go on")
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        self.server.mail.append((self.sender, self.recipients, b"".join(lines)))
        self.say("250 2.0.0 taken")

    def handle(self):
        self.sender, self.recipients = None, []
        self.say("220 real.example.org ESMTP")
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            verb = line.upper()
            if verb.startswith("EHLO"):
                self.say("250-real.example.org")
                self.say("250-8BITMIME")
                self.say("250 SIZE 10000000")
            elif verb.startswith("MAIL FROM:"):
                self.sender, self.recipients = line[10:].split(" ")[0], []
                self.say("250 2.1.0 ok")
            elif verb.startswith("RCPT TO:"):
                self.recipients.append(line[8:].split(" ")[0])
                self.say("250 2.1.5 ok")
            elif verb == "DATA":
                self.take_message()
            elif verb == "QUIT":
                self.say("221 2.0.0 bye")
                return
            else:
                self.say("250 2.0.0 ok")


class RealServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.mail = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]


def check_out(serve, real):
    content = letter("to-the-real-one")
    submit(serve.port("submit:587"), content)
    wait_for("the real server's mail", lambda: real.mail)
    sender, recipients, got = real.mail[0]
    expect(sender == "<alice@example.com>" and recipients == ["<bob@example.org>"], f"{sender} {recipients}")
    expect(got.endswith(content), f"other octets: {got!r}")
    top = got[:-len(content)]
    expect(top.count(b"Received: ") == 2 and top.index(b"by out.example.com") < top.index(b"by submit.example.com"),
           f"another way: {top!r}")
    return got


def check_in(serve, relayed):
    """The real server's answer enters as mx1, so it comes from mx1's address."""
    content = (b"Received: from out.example.com by real.example.org; Sun, 22 Nov 2026 10:00:00 +0000\r\n" +
               letter("from-the-real-one", to=b"alice@example.com"))
    with smtplib.SMTP("127.0.0.1", serve.port("out:25", enters_as="mx1"), "real.example.org", timeout=PATIENCE) as out:
        out.sendmail("bob@example.org", ["alice@example.com"], content)
    got = wait_for("Alice's mail", lambda: fetch_all(serve.port("out:110"), "alice@example.com", "secret-alice"))
    expect(got[0].endswith(content), f"other octets: {got[0]!r}")
    expect(b"Received: from real.example.org ([203.0.113.25])" in got[0], f"not from mx1: {got[0]!r}")
    expect(relayed, "nothing was relayed")


def check_both_ways(mailflow, root):
    with RealServer() as real:
        with Serve(mailflow, root, "two-towns", "--no-latency", "--real",
                   f"mx1.example.org=127.0.0.1:{real.port}") as serve:
            check_in(serve, check_out(serve, real))
            events = serve.stop()
        real.shutdown()
    relays = [e for e in events if e["kind"] == "relay" and e["at"] == "mta-out"]
    expect(len(relays) == 1 and relays[0]["to"] == "mx1", f"the trace says {relays}")
    expect(any(e["kind"] == "tcp.connect" and e["from"] == "mx1" for e in events), "nothing came in as mx1")
    expect(not any(e["kind"] == "agent" and e["at"] == "mx1" for e in events), "mx1 has simulated agents, too")


def check_absent(mailflow, root):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1] # nobody listens there, and nobody else gets it
        with Serve(mailflow, root, "two-towns", "--no-latency", "--real", f"mx1=127.0.0.1:{port}") as serve:
            submit(serve.port("submit:587"), letter("to-nobody"))
            wait_for("a word", lambda: "does not answer" in serve.output())
            events = serve.stop()
    tries = [e for e in events if e["kind"] == "tcp.open" and e["result"] == "refused"]
    expect(tries, "no connection was refused")
    expect(any(e["kind"] == "queue.defer" and e["at"] == "mta-out" for e in events), "the mail does not wait")


def main():
    mailflow, root = sys.argv[1:3]
    check_both_ways(mailflow, root)
    check_absent(mailflow, root)
    print("to a real server and back; without it mail waits")


main()
