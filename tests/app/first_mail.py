#!/usr/bin/env python3
"""The first mail, read by programs that are not ours: Python's email package parses the exported
message, and its Received fields agree with the accepts of the trace in number, order, host,
protocol word, id and time (RFC 5321 4.4, RFC 3848). usage: first_mail.py MAILFLOW ROOT"""
import datetime
import email
import email.policy
import email.utils
import json
import os
import re
import subprocess
import sys
import tempfile


def expect(condition, what):
    if not condition:
        sys.exit(f"first_mail: {what}")


def run(mailflow, root, folder, topology):
    trace, message = os.path.join(folder, "t.jsonl"), os.path.join(folder, "m.eml")
    subprocess.run([mailflow, "run", f"{root}/topologies/{topology}.json", "--export", trace, "--export", message],
                   check=True, stdout=subprocess.DEVNULL)
    with open(trace, encoding="utf-8") as file:
        events = [json.loads(line) for line in file][1:]
    with open(message, "rb") as file:
        return events, file.read()


def check_received(events, parsed):
    epoch = events[0]["epoch_s"]
    hosts = {e["id"]: e for e in events if e["kind"] == "host"}
    agents = {e["id"]: e["at"] for e in events if e["kind"] == "agent"}
    wanted = next(e for e in reversed(events) if e["kind"] == "deliver")["msg"]
    accepts = [e for e in events if e["kind"] == "accept" and e["msg"] == wanted]
    logins = {e["conn"] for e in events if e["kind"] == "auth" and e["result"] == "ok"}
    fields = [str(f) for f in parsed.get_all("Received")]
    expect(len(fields) == len(accepts), f"{len(fields)} Received fields, {len(accepts)} accepts")
    for field, accept in zip(reversed(fields), accepts):
        text = re.sub(r"\s+", " ", field)
        host = hosts[agents[accept["at"]]]["name"]
        word = "ESMTPA" if accept["conn"] in logins else "ESMTP"
        expect(f" by {host} with {word} id {accept['id']} " in text, f"{text!r} does not fit {accept}")
        stamp = email.utils.parsedate_to_datetime(text.rsplit(";", 1)[1])
        expect(int(stamp.timestamp()) == epoch + accept["t"] // 10**9, f"{stamp} is not the time of {accept}")
    return len(fields)


def main():
    mailflow, root = sys.argv[1:3]
    for topology, hops in (("two-towns", 3), ("one-host", 2), ("three-relays", 6), ("backup-mx", 4)):
        with tempfile.TemporaryDirectory() as folder:
            events, content = run(mailflow, root, folder, topology)
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        expect(not parsed.defects, f"{topology}: {parsed.defects}")
        expect(check_received(events, parsed) == hops, f"{topology}: expected {hops} hops")
        for name in ("Date", "Message-ID", "From", "To", "Subject", "Return-Path", "Delivered-To"):
            expect(parsed[name], f"{topology}: no {name}")
        expect(isinstance(parsed["Date"].datetime, datetime.datetime), f"{topology}: no date in Date")
        expect(parsed.get_body().get_content().strip(), f"{topology}: no body")
        print(f"{topology}: {hops} Received fields agree with the trace")


main()
