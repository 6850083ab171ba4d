#!/usr/bin/env python3
"""Exim, a real MTA, in the simulated network: it is mx1, receives for example.org from the simulated MTA over a real
socket, and sends what its own users write into the simulation. The Received chain of both directions is right.
usage: serve_exim.py MAILFLOW ROOT        status 77: there is no Exim, or it can't run here"""
import email
import email.policy
import os
import pwd
import re
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time

from serve_support import PATIENCE, Serve, expect, fetch_all, submit, wait_for, letter

CONFIG = """
primary_hostname = mx1.example.org
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
tls_advertise_hosts =
acl_smtp_rcpt = accept
{deliver}
begin routers
here:
  driver = accept
  domains = example.org
  transport = file
there:
  driver = manualroute
  route_list = * 127.0.0.1 byname
  transport = remote
  self = send
begin transports
file:
  driver = appendfile
  file = {folder}/delivered
  delivery_date_add
  envelope_to_add
  return_path_add
{user}
remote:
  driver = smtp
  port = {out}
begin retry
* * F,2h,1m
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_exim(exim, folder, port, out):
    """In the foreground, as a child of ours; gives the process, or ends with 77."""
    account = None
    if os.getuid() == 0:  # root's own mail is never delivered by Exim
        try:
            account = pwd.getpwnam("Debian-exim")
        except KeyError:
            sys.exit(77)
        os.chown(folder, account.pw_uid, account.pw_gid)
        os.chmod(folder, 0o755)
    config = os.path.join(folder, "exim.conf")
    with open(config, "w", encoding="ascii") as file:
        file.write(CONFIG.format(folder=folder, port=port, out=out,
                                 deliver="" if account else "deliver_drop_privilege = true",
                                 user=f"  user = {account.pw_name}\n  group = {account.pw_gid}" if account else ""))
    os.chmod(config, 0o644)
    process = subprocess.Popen([exim, "-bdf", "-q1m", "-C", config], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def answers():
        expect(process.poll() is None, "Exim ended")
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", port)) == 0

    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            print(process.stderr.read().decode(errors="replace"))
            sys.exit(77)
        if answers():
            return process
        time.sleep(0.05)
    sys.exit(77)


def chain(content):
    """The by-hosts of the Received fields, from the top."""
    fields = email.message_from_bytes(content, policy=email.policy.default).get_all("Received")
    return [re.search(r"\bby (\S+)", str(field)).group(1) for field in fields], [str(field) for field in fields]


def check_into_exim(serve, folder):
    token = "token-into-exim"
    submit(serve.port("submit:587"), letter(token))
    path = os.path.join(folder, "delivered")

    def arrived():
        if os.path.exists(path):
            with open(path, "rb") as file:
                content = file.read()
            return token.encode() in content and content.endswith(b"\n\n") and content
        return None

    mbox = wait_for("Exim's delivery", arrived)
    hosts, fields = chain(mbox.split(b"\n", 1)[1])
    expect(hosts == ["mx1.example.org", "out.example.com", "submit.example.com"], fields)
    expect("from out.example.com" in fields[0] or "out.example.com" in fields[0], fields[0])
    body = mbox.split(b"\n\n", 1)[1].rstrip(b"\n")
    expect(body == token.encode(), body)


def check_out_of_exim(serve, port):
    token = "token-out-of-exim"
    content = letter(token, to=b"alice@example.com")
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as client:
        expect(client.sendmail("bob@example.org", ["alice@example.com"], content) == {}, "Exim refuses")

    def arrived():
        for message in fetch_all(serve.port("out:110"), "alice@example.com", "secret-alice"):
            if token.encode() in message:
                return message
        return None

    message = wait_for("Alice's message", arrived)
    hosts, fields = chain(message)
    expect(hosts == ["out.example.com", "mx1.example.org"], fields)
    expect("from mx1.example.org ([203.0.113.25])" in re.sub(r"\s+", " ", fields[0]), fields[0])
    expect(message.endswith(content.split(b"\r\n\r\n", 1)[1]), message)


def main():
    mailflow, root = sys.argv[1:3]
    exim = shutil.which("exim4", path=os.environ["PATH"] + ":/usr/sbin") or shutil.which("exim")
    if not exim:
        sys.exit(77)
    port = free_port()
    with Serve(mailflow, root, "two-towns", "--no-latency", "--real", f"mx1=127.0.0.1:{port}") as serve, \
            tempfile.TemporaryDirectory() as folder:
        process = start_exim(exim, folder, port, serve.port("out:25", enters_as="mx1"))
        try:
            check_into_exim(serve, folder)
            check_out_of_exim(serve, port)
        finally:
            process.terminate()
            process.wait(PATIENCE)
        serve.stop()
    print("Exim received from the simulated network and sent into it")


if __name__ == "__main__":
    main()
