#!/usr/bin/env python3
"""curl and swaks against a served topology: each sends a message with a token in it, in clear and within TLS, by
every way to log in that it knows; curl finds it again by POP3 and IMAP, octet for octet.
usage: serve_programs.py MAILFLOW ROOT        status 77: neither program is there"""
import os
import re
import shutil
import subprocess
import sys
import time

from serve_support import PATIENCE, Serve, expect

ALICE, BOB = "alice@example.com:secret-alice", "bob@example.org:secret-bob"


def letter(token):
    return (f"From: Alice <alice@example.com>\r\nTo: Bob <bob@example.org>\r\nSubject: {token}\r\n"
            f"Date: Mon, 3 Mar 2025 09:00:00 +0000\r\nMessage-ID: <{token}@pc.example.com>\r\n\r\n"
            f".{token}\r\n..\r\n.\r\n\r\nend\r\n").encode()


def without_trace(content):
    while re.match(rb"(Return-Path|Delivered-To|Received):", content, re.I):
        content = re.sub(rb"\A[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", b"", content)
    return content


def run(*command, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=PATIENCE, check=False)
    expect(done.returncode == 0, f"{' '.join(command)}: {done.returncode}\n{done.stdout.decode(errors='replace')}\n"
           f"{done.stderr.decode(errors='replace')}")
    return done.stdout


def curl(serve, *options, stdin=None):
    return run("curl", "-sS", "--max-time", str(PATIENCE), "--cacert", serve.ca_file, *options, stdin=stdin)


def url(serve, scheme, target, path=""):
    return f"{scheme}://localhost:{serve.port(target)}/{path}"


def curl_sends(serve, token, way, mechanism):
    scheme, target, more = {"clear": ("smtp", "submit:587", []), "starttls": ("smtp", "submit:587", ["--ssl-reqd"]),
                            "first": ("smtps", "submit:465", [])}[way]
    curl(serve, "-4", url(serve, scheme, target, "pc.example.com"), *more, "--user", ALICE, "--login-options",
         f"AUTH={mechanism}", "--mail-from", "alice@example.com", "--mail-rcpt", "bob@example.org", "-T", "-",
         stdin=letter(token))


def curl_fetches_by_pop3(serve, token, way):
    scheme, target, more = {"clear": ("pop3", "mx1:110", []), "starttls": ("pop3", "mx1:110", ["--ssl-reqd"]),
                            "first": ("pop3s", "mx1:995", [])}[way]
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        listed = curl(serve, "-4", url(serve, scheme, target), *more, "--user", BOB)
        for number in range(len(listed.splitlines()), 0, -1):
            content = curl(serve, "-4", url(serve, scheme, target, str(number)), *more, "--user", BOB)
            if f"Subject: {token}".encode() in content:
                return content
        time.sleep(0.05)
    return expect(False, f"{token} has not arrived")


def curl_fetches_by_imap(serve, token, way):
    scheme, target, more = {"clear": ("imap", "mx1:143", []), "starttls": ("imap", "mx1:143", ["--ssl-reqd"]),
                            "first": ("imaps", "mx1:993", [])}[way]
    found = curl(serve, "-4", url(serve, scheme, target, "INBOX?SUBJECT%20" + token), *more, "--user", BOB)
    numbers = found.split()[2:]
    expect(len(numbers) == 1, f"SEARCH for {token}: {found}")
    return curl(serve, "-4", url(serve, scheme, target, f"INBOX;MAILINDEX={numbers[0].decode()}"), *more, "--user", BOB)


def test_curl(serve):
    for i, (way, mechanism) in enumerate([("clear", "PLAIN"), ("clear", "LOGIN"), ("clear", "CRAM-MD5"),
                                          ("starttls", "PLAIN"), ("starttls", "CRAM-MD5"), ("first", "LOGIN")]):
        token = f"curl-{i}-{way}"
        curl_sends(serve, token, way, mechanism)
        by_pop3 = curl_fetches_by_pop3(serve, token, ("clear", "starttls", "first")[i % 3])
        by_imap = curl_fetches_by_imap(serve, token, ("starttls", "first", "clear")[i % 3])
        expect(without_trace(by_pop3) == letter(token), f"by POP3:\n{by_pop3.decode()}")
        expect(by_imap == by_pop3, f"by IMAP:\n{by_imap.decode()}")
    file = os.path.join(serve.folder.name, "kept.eml")
    with open(file, "wb") as kept:
        kept.write(letter("kept"))
    curl(serve, "-4", url(serve, "imap", "mx1:143"), "--user", BOB, "-X", "CREATE Kept")
    curl(serve, "-4", url(serve, "imap", "mx1:143", "Kept"), "--user", BOB, "-T", file)
    kept = curl(serve, "-4", url(serve, "imap", "mx1:143", "Kept;UID=1;SECTION=HEADER.FIELDS%20(SUBJECT)"), "--user", BOB)
    expect(kept.strip() == b"Subject: kept", kept)


def test_swaks(serve):
    # PIPELINE is swaks's word for RFC 2920
    ways = [("submit:587", ["--auth", "PLAIN"]), ("submit:587", ["--auth", "LOGIN", "--pipeline"]),
            ("submit:587", ["--auth", "PLAIN", "--tls"]), ("submit:465", ["--auth", "LOGIN", "--tls-on-connect"])]
    for i, (target, options) in enumerate(ways):
        token = f"swaks-{i}"
        data = letter(token).decode().replace("\r\n", "\n")[:-1]  # swaks ends the last line itself
        said = run("swaks", "--server", "127.0.0.1", "--port", str(serve.port(target)), "--from", "alice@example.com",
                   "--to", "bob@example.org", "--auth-user", "alice@example.com", "--auth-password", "secret-alice",
                   "--ehlo", "pc.example.com", "--data", "-", *options, stdin=data.encode())
        expect(b"queued as" in said, said.decode())
        got = without_trace(curl_fetches_by_pop3(serve, token, "clear"))
        expect(got == letter(token), f"{token} came as {got}")


def main():
    mailflow, root = sys.argv[1:3]
    there = [name for name in ("curl", "swaks") if shutil.which(name)]
    if "curl" not in there:
        print(f"curl is not installed; found {there}")
        sys.exit(77)
    with Serve(mailflow, root, "two-towns", "--no-latency") as serve:
        test_curl(serve)
        if "swaks" in there:
            test_swaks(serve)
        serve.stop()
    print(f"{' and '.join(there)} sent and fetched")


if __name__ == "__main__":
    main()
