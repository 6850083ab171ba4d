#!/usr/bin/env python3
"""Captures of the shipped topologies as tshark reads them: no packet is malformed, every checksum
is right, the analysis of TCP remarks on nothing but what was really lost, each protocol is
recognised, and the mail that tshark cuts out of the streams is the mail that was sent and
delivered, octet for octet. tshark reads files here, never an interface.
usage: pcap.py MAILFLOW ROOT PART/PARTS | tls | places | loss. Ends with 77 where there is no tshark."""
import base64
import collections
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

FIELDS = ("frame.number", "tcp.srcport", "tcp.dstport", "ip.src", "ip.dst", "frame.protocols",
          "_ws.malformed", "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status",
          "icmp.checksum.status", "tcp.analysis.flags", "tcp.analysis.retransmission", "frame.interface_name")
CHECKS = [word for name in ("ip.check_checksum", "tcp.check_checksum", "udp.check_checksum",
                            "tcp.reassemble_out_of_order")
          for word in ("-o", f"{name}:TRUE")]
GOOD = ("", "1")  # of a checksum's status; 0 is a wrong one, and each layer may have one of its own
PROTOCOLS = {25: "smtp", 587: "smtp", 110: "pop", 143: "imap", 80: "http", 443: "tls", 465: "tls", 993: "tls",
             995: "tls"}
MAIL = {"smtp", "pop", "imap"}


def expect(condition, what):
    if not condition:
        sys.exit(f"pcap: {what}")


def text(value):
    """A text of the trace as octets."""
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value.encode()


class Run:
    """One run of a topology, and what its trace says."""

    def __init__(self, mailflow, root, folder, name, *options):
        self.mailflow, self.folder, self.name = mailflow, folder, name
        self.trace = os.path.join(folder, f"{name}.jsonl")
        subprocess.run([mailflow, "run", f"{root}/topologies/{name}.json", "--format", "summary",
                        "--export", self.trace, *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(self.trace, encoding="utf-8") as file:
            self.events = [json.loads(line) for line in file][1:]
        self.addresses = {e["id"]: e["addr"] for e in self.of("host")}
        self.hosts = dict.fromkeys(self.addresses)
        self.hosts = {e["id"]: e["at"] for e in self.of("agent")} | {host: host for host in self.addresses}
        self.conns = {e["conn"]: e for e in self.of("tcp.connect")}

    def of(self, *kinds):
        return [e for e in self.events if e["kind"] in kinds]

    def capture(self, *options):
        """Its packets, as tshark sees them, and the mail that it cuts out of them."""
        path = os.path.join(self.folder, "c.pcapng")
        subprocess.run([self.mailflow, "replay", self.trace, "--format", "summary", "--export", path, *options],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        mail = tempfile.mkdtemp(dir=self.folder)
        command = ["tshark", "-n", "-r", path, *CHECKS, "--export-objects", f"imf,{mail}", "-T", "fields"]
        for field in FIELDS:
            command += ["-e", field]
        read = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        packets = [dict(zip(FIELDS, line.split("\t"))) for line in read]
        objects = []
        for file in glob.glob(glob.escape(mail) + "/**", recursive=True, include_hidden=True):
            if os.path.isfile(file):
                with open(file, "rb") as one:
                    objects.append(one.read())
        # tshark also takes a line of POP3 that answers AUTH, or ends a list, for one
        return packets, [o for o in objects if b"\r\n\r\n" in o]

    def key(self, conn):
        """What tells its packets from others: who asked from which port."""
        return self.addresses[self.hosts[self.conns[conn]["from"]]], self.conns[conn]["local_port"]


def keys_of(packet):
    return {(packet["ip.src"], int(packet["tcp.srcport"])), (packet["ip.dst"], int(packet["tcp.dstport"]))}


def check_packets(run, packets):
    for p in packets:
        where = f"{run.name}: packet {p['frame.number']}"
        expect(not p["_ws.malformed"], f"{where} is malformed")
        for layer in ("ip", "tcp", "udp", "icmp"):
            for status in p[f"{layer}.checksum.status"].split(","):
                # the packet that an ICMP message quotes may be cut, so is not summed up
                expect(status in GOOD or "icmp" in p["frame.protocols"], f"{where}: checksum of {layer} is wrong")


def check_analysis(run, packets):
    """A remark is about a connection of which something was lost. Retransmissions are those of the trace."""
    lost = {run.key(e["conn"]) for e in run.of("tcp.lost")}
    for p in packets:
        if p["tcp.analysis.flags"]:
            expect(keys_of(p) & lost, f"{run.name}: packet {p['frame.number']}: a remark, and nothing was lost")
    sent, again = set(), 0
    for e in run.of("tcp.segment"):
        what = (e["conn"], e["dir"], e["seq"])
        if e["travel"] > 0 and (e["data"] or set(e["flags"]) & set("SF")):
            again += bool(e.get("again")) and what in sent  # the first one may never have left its host
            sent.add(what)
    seen = [p for p in packets if p["tcp.analysis.retransmission"]]
    expect(len(seen) == again, f"{run.name}: {len(seen)} retransmissions, where {again} were made")
    return len(seen)


def check_count(run, packets):
    """Each packet once, but those that never left since there was no way."""
    left = [e for e in run.of("tcp.segment", "udp.datagram") if e["travel"] > 0]
    told = [e for e in run.of("block") if e["how"] == "reject"]
    expect(len(packets) == len(left) + len(told),
           f"{run.name}: {len(packets)} packets of {len(left)} sent and {len(told)} told")


def check_protocols(run, packets):
    seen = collections.defaultdict(set)
    for p in packets:
        if p["tcp.srcport"]:
            for key in keys_of(p):
                seen[key] |= set(p["frame.protocols"].split(":"))
    secret = {e["conn"] for e in run.of("tls.up")}
    spoken = {e["conn"] for e in run.of("tcp.segment") if e["data"] and e["dir"] == "<-"}
    gateways = {e["addr"] for e in run.of("host")} - {a for a, _ in seen}
    for number in spoken:
        port, key = run.conns[number]["port"], run.key(number)
        if key[0] in gateways:
            continue  # a gateway has put its own address in its place
        if port in PROTOCOLS:
            expect(PROTOCOLS[port] in seen[key], f"{run.name}: port {port} is no {PROTOCOLS[port]}: {seen[key]}")
        expect(number not in secret or "tls" in seen[key], f"{run.name}: connection {number}: no TLS is seen")
    if run.of("udp.datagram"):
        expect(any(p["frame.protocols"].endswith("dns") for p in packets), f"{run.name}: no DNS is seen")


def contents(run, *kinds):
    return [(e, text(e["header"]) + text(e["body"])) for e in run.of(*kinds)]


def check_mail(run, objects):
    """All that is cut out was sent, and what was fetched in clear text, or handed over by SMTP, is there."""
    secret = {e["conn"] for e in run.of("tls.up")}
    known = [c for _, c in contents(run, "accept", "deliver", "fetch")]
    known += [text(e["content"]) for e in run.of("message")]
    for o in objects:
        expect(any(k.endswith(o) for k in known), f"{run.name}: tshark found {o[:300]!r}, which was not sent")
    fetched = {}
    for e in run.of("pop.cmd"):
        if e["verb"] == "RETR" and e["conn"] not in secret and e["port"] == 110:
            fetched[e["conn"]] = run.hosts[e["from"]]
    whole = 0
    for e, content in contents(run, "fetch"):
        if e["proto"] == "pop3" and run.hosts[e["by"]] in fetched.values():
            expect(content in objects, f"{run.name}: what {e['by']} fetched is not in the capture")
            whole += 1
    return whole


def check_topology(mailflow, root, name):
    with tempfile.TemporaryDirectory() as folder:
        run = Run(mailflow, root, folder, name)
        packets, objects = run.capture()
        check_packets(run, packets)
        check_analysis(run, packets)
        check_count(run, packets)
        check_protocols(run, packets)
        return check_mail(run, objects)


def check_part(mailflow, root, part, parts):
    names = sorted(os.path.basename(f)[:-5] for f in glob.glob(f"{root}/topologies/*.json"))
    names.remove("schema")
    whole = 0
    for name in names[part::parts]:
        whole += check_topology(mailflow, root, name)
    expect(whole > 0, "no message was fetched in clear text, so none was compared")


def decrypted(packets):
    return [p for p in packets if "tls:smtp" in p["frame.protocols"] or "tls:pop" in p["frame.protocols"]]


def check_tls(mailflow, root):
    """The capture stays closed without the secrets of TLS, and opens with them."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(mailflow, root, folder, "t20-eavesdroppers")
        packets, objects = run.capture()
        expect(not decrypted(packets), "TLS is readable without its secrets")
        opened, more = run.capture("--tls-keys")
        check_packets(run, opened)
        check_mail(run, more)
        expect(len(opened) == len(packets) and decrypted(opened), "TLS is not readable with its secrets")
        conns = {e["conn"] for e in run.of("tls.up")}
        sent = {e["msg"]: text(e["content"]) for e in run.of("message")}
        for msg in sent:
            hops = [(e["conn"], c) for e, c in contents(run, "accept") if e["msg"] == msg]
            clear = [c for conn, c in hops if conn not in conns]
            expect(len(clear) < len(hops), f"message {msg} never went over TLS")
            for found, wanted in ((objects, len(clear)), (more, len(hops))):
                seen = [o for o in found if any(c.endswith(o) for c in [sent[msg], *(c for _, c in hops)])]
                expect(len(seen) == wanted, f"message {msg}: {len(seen)} hops of {wanted} are readable")


def check_places(mailflow, root):
    """Taps: on a link packets as they go into it, at a host as they leave and reach it."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(mailflow, root, folder, "t20-eavesdroppers")
        offers, hidden = {}, {}
        for link in run.of("link"):
            packets, _ = run.capture("--capture", link["id"])
            check_packets(run, packets)
            check_analysis(run, packets)
            expect(all(p["frame.interface_name"] == link["id"] for p in packets), f"{link['id']}: another interface")
            with open(os.path.join(folder, "c.pcapng"), "rb") as file:
                octets = file.read()
            offers[link["id"]], hidden[link["id"]] = octets.count(b"250-STARTTLS"), octets.count(b"250-XXXXXXXX")
        near, far = "pc-alice:cafe-gw", "cafe-gw:submit"
        expect(sum(hidden.values()) == hidden[near] == len(run.of("tamper")) > 0, f"overwritten are {hidden}")
        expect(offers[near] + hidden[near] == offers[far], f"STARTTLS is offered on {offers}")
        for host in run.addresses:
            packets, _ = run.capture("--capture", host)
            check_analysis(run, packets)
        every, _ = run.capture("--capture", "all")
        once, _ = run.capture()
        expect(len(every) > len(once), "no packet is seen on several links")


def check_loss(mailflow, root):
    """A lossy link: what is lost on it is seen before it, and not behind it."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(mailflow, root, folder, "t20-eavesdroppers", "--do", "fault link-lossy out:exchange on percent=20",
                  "--do", "send from=alice@example.com to=bob@example.org subject=Lossy attach=a.bin:60000")
        packets, _ = run.capture()
        check_packets(run, packets)
        check_count(run, packets)
        expect(check_analysis(run, packets) > 0, "nothing was sent again")
        number = [e["id"] for e in run.of("link")].index("out:exchange") + 1
        lost = [e for e in run.of("tcp.lost") if e["link"] == number]
        out, mx1 = run.addresses["out"], run.addresses["mx1"]
        there, _ = run.capture("--capture", "out:exchange")
        behind, _ = run.capture("--capture", "exchange:mx1")
        at_out, _ = run.capture("--capture", "out")
        for packets in (there, behind, at_out):
            check_packets(run, packets)
        for source, before, after, far in ((out, there, behind, mx1), (mx1, there, at_out, out)):
            gone = [e for e in lost if run.addresses[run.hosts[e["from"]]] == source]
            sent = [p for p in before if p["ip.src"] == source and p["ip.dst"] == far and p["tcp.srcport"]]
            come = [p for p in after if p["ip.src"] == source and p["ip.dst"] == far and p["tcp.srcport"]]
            expect(gone and len(come) == len(sent) - len(gone),
                   f"{len(sent)} of {source} went into the link, {len(gone)} were lost, {len(come)} came out")


def main():
    mailflow, root, what = sys.argv[1:4]
    if not shutil.which("tshark"):
        print("skipped: there is no tshark")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home  # nobody's settings of Wireshark
        if what == "tls":
            check_tls(mailflow, root)
        elif what == "places":
            check_places(mailflow, root)
        elif what == "loss":
            check_loss(mailflow, root)
        else:
            check_part(mailflow, root, *[int(n) for n in what.split("/")])


main()
