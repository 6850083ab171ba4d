#!/usr/bin/env python3
"""How fast real programs get through the simulated network, beside real servers of the distribution.

    bench/serve.py [--rounds N] [--messages N] [--exim PROGRAM] [--dovecot-root FOLDER] MAILFLOW

Starts `mailflow serve two-towns --no-latency`, and Exim and Dovecot where they are installed, all on 127.0.0.1 at free
ports. One client in Python does the same work with ours and with theirs by turns, some rounds; the best round of each
counts. A line for each figure: its name, ours and theirs a second, and ours / theirs; "-" where there is no such server.

    smtp-reused        messages of 2 KB taken, all on one connection
    smtp-each          the same with a connection for each
    imap-append        messages of 2 KB put into a mailbox, one APPEND each
    imap-fetch         messages fetched from it with BODY.PEEK[], one command for all of them
    imap-fetch-each    the same with a command for each
    pop3-retr          messages fetched with RETR
    imap-starttls      times: connect, STARTTLS, log in, log out

What stands against what: ours keeps mail in memory, carries it on through simulated lines, and writes the whole trace.
Exim puts it into its spool, in memory where there is /dev/shm, and delivers nothing (queue_only); Dovecot keeps Maildirs
and does not wait for the disk (mail_fsync = never). Needed for the real servers: Exim 4 (exim4 or exim), Dovecot 2.3 with
IMAP and POP3, openssl; to be root, since both want to change users. --exim: it is elsewhere. --dovecot-root: Dovecot is
installed in a tree of its own, and run there by chroot. All files are in temporary folders; what was started is ended."""
import argparse
import imaplib
import os
import poplib
import pwd
import shutil
import smtplib
import socket
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "app"))
# pylint: disable=wrong-import-position
from serve_support import PATIENCE, Serve, letter  # noqa: E402

LINE = b"A line of a letter that goes from one town to the other by mail.\r\n"
BODY = LINE * 29
TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


class Box:
    """Where a server listens, and who has a mailbox there."""

    def __init__(self, user, password, **ports):
        self.user, self.password, self.ports = user, password, ports

    def pop3(self):
        client = poplib.POP3("127.0.0.1", self.ports["pop3"], timeout=PATIENCE)
        client.user(self.user)
        client.pass_(self.password)
        return client

    def imap(self, *, with_tls=False):
        client = imaplib.IMAP4("127.0.0.1", self.ports["imap"], timeout=PATIENCE)
        if with_tls:
            client.starttls(TLS)
        client.login(self.user, self.password)
        return client


# ---- the work; each gives how many, and is timed as a whole ----


def send(client, number):
    client.sendmail("alice@example.com", ["bob@example.org"], letter(f"bench-{number}", BODY))


def smtp_reused(box, count):
    with smtplib.SMTP("127.0.0.1", box.ports["smtp"], timeout=PATIENCE) as client:
        for number in range(count):
            send(client, number)
    return count


def smtp_each(box, count):
    count = min(count, 100)
    for number in range(count):
        client = smtplib.SMTP("127.0.0.1", box.ports["smtp"], timeout=PATIENCE)
        send(client, number)
        client.putcmd("quit")  # the answer is not waited for: Exim holds it back for 200 ms
        client.close()
    return count


def imap_append(box, count):
    client = box.imap()
    for number in range(count):
        status, said = client.append("INBOX", None, None, letter(f"bench-{number}", BODY))
        assert status == "OK", said
    client.logout()
    return count


def check_fetched(rows, count):
    whole = [row[1] for row in rows if isinstance(row, tuple)]
    assert len(whole) == count and all(content.endswith(BODY) for content in whole), len(whole)


def imap_fetch(box, count):
    client = box.imap()
    client.select("INBOX")
    check_fetched(client.fetch(f"1:{count}", "(UID BODY.PEEK[])")[1], count)
    client.logout()
    return count


def imap_fetch_each(box, count):
    client = box.imap()
    client.select("INBOX")
    for number in range(1, count + 1):
        check_fetched(client.fetch(str(number), "(UID BODY.PEEK[])")[1], 1)
    client.logout()
    return count


def pop3_retr(box, count):
    client = box.pop3()
    for number in range(1, count + 1):
        lines = client.retr(number)[1]
        assert lines[-1] + b"\r\n" == LINE, lines[-1]
    client.quit()
    return count


def imap_starttls(box, count):
    count = min(count, 50)
    for _ in range(count):
        box.imap(with_tls=True).logout()
    return count


WORK = [("smtp-reused", smtp_reused, "mta"), ("smtp-each", smtp_each, "mta"), ("imap-append", imap_append, "store"),
        ("imap-fetch", imap_fetch, "store"), ("imap-fetch-each", imap_fetch_each, "store"),
        ("pop3-retr", pop3_retr, "store"), ("imap-starttls", imap_starttls, "store")]

# ---- real servers ----

EXIM = """
primary_hostname = mx1.example.org
exim_path = {program}
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
tls_advertise_hosts =
queue_only = true
smtp_accept_max = 0
smtp_accept_max_per_connection = 0
acl_smtp_rcpt = accept
begin routers
none:
  driver = redirect
  data = :blackhole:
"""

DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap pop3
listen = 127.0.0.1
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%n
mail_fsync = never
mail_max_userip_connections = 0
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def find(name, root=""):
    return shutil.which(name, path=":".join(root + folder for folder in ("/usr/sbin", "/usr/bin", "/usr/local/sbin")))


class Server:
    """A program that is ended with all it has started."""

    def __init__(self, name, command, port, log):
        self.name = name
        with open(log, "ab") as out:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        end = time.monotonic() + 10
        while self.process.poll() is None and time.monotonic() < end:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        self.stop()
        with open(log, encoding="utf-8", errors="replace") as said:
            sys.exit(f"{name} does not start: {said.read()[-500:]}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_exim(folder, exim):
    exim = exim or find("exim4") or find("exim")
    if not exim or os.getuid() != 0:
        return None, None
    account = pwd.getpwnam("Debian-exim")
    os.chown(folder, account.pw_uid, account.pw_gid)
    port = free_port()
    config = os.path.join(folder, "exim.conf")
    with open(config, "w", encoding="ascii") as file:
        file.write(EXIM.format(folder=folder, port=port, program=exim))
    server = Server("Exim", [exim, "-bdf", "-C", config], port, os.path.join(folder, "said"))
    return server, Box("", "", smtp=port)


def start_dovecot(folder, root):
    dovecot = find("dovecot", root)
    has_all = all(os.path.exists(f"{root}/usr/lib/dovecot/{part}") for part in ("imap", "pop3"))
    if not dovecot or not has_all or not find("openssl") or os.getuid() != 0:
        return None, None
    account = pwd.getpwnam("mail")
    os.makedirs(f"{folder}/mail")
    os.chown(f"{folder}/mail", account.pw_uid, account.pw_gid)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=localhost", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
                   check=True, capture_output=True)
    imap, pop3 = free_port(), free_port()
    inner = folder[len(root):]
    with open(f"{folder}/dovecot.conf", "w", encoding="ascii") as file:
        file.write(DOVECOT.format(folder=inner, imap=imap, pop3=pop3, user=account.pw_uid, group=account.pw_gid))
    command = [dovecot[len(root):], "-F", "-c", f"{inner}/dovecot.conf"]
    if root:
        command = ["chroot", root] + command
    return Server("Dovecot", command, imap, f"{folder}/said"), Box("bench", "secret", imap=imap, pop3=pop3)


# ---- the comparison ----


def rate(work, box, count):
    start = time.monotonic()
    done = work(box, count)
    return done / (time.monotonic() - start)


def compare(ours, theirs, options):
    for name, work, kind in WORK:
        best = {"ours": 0.0, "theirs": 0.0}
        for _ in range(options.rounds):
            best["ours"] = max(best["ours"], rate(work, ours[kind], options.messages))
            if theirs[kind]:
                best["theirs"] = max(best["theirs"], rate(work, theirs[kind], options.messages))
        known = best["theirs"] > 0
        beside = f"{best['theirs']:.0f} {best['ours'] / best['theirs']:.2f}" if known else "- -"
        print(f"{name} {best['ours']:.0f} {beside}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("mailflow")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--exim", default="")
    parser.add_argument("--dovecot-root", default="")
    options = parser.parse_args()
    root = options.dovecot_root.rstrip("/")
    servers = []
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with Serve(options.mailflow, ROOT, "two-towns", "--no-latency") as serve, \
            tempfile.TemporaryDirectory(dir=memory) as spool, \
            tempfile.TemporaryDirectory(dir=root + "/tmp") as store:
        os.chmod(spool, 0o755)
        os.chmod(store, 0o755)
        try:
            exim, mta = start_exim(spool, options.exim)
            servers += [exim] if exim else []
            dovecot, mailboxes = start_dovecot(store, root)
            servers += [dovecot] if dovecot else []
            ours = {"mta": Box("", "", smtp=serve.port("mx1:25")),
                    "store": Box("alice@example.com", "secret-alice", imap=serve.port("out:143"),
                                 pop3=serve.port("out:110"))}
            print("name ours theirs ratio")
            compare(ours, {"mta": mta, "store": mailboxes}, options)
        finally:
            for server in servers:
                server.stop()


if __name__ == "__main__":
    main()
