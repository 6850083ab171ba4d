"""Starting `mailflow serve` and talking to it, for the serve_*.py tests. Everything is on loopback, has an
end, and ends what it has started."""
import json
import os
import poplib
import signal
import smtplib
import ssl
import subprocess
import sys
import tempfile
import time

PATIENCE = 60


def expect(condition, what):
    if not condition:
        sys.exit(f"{os.path.basename(sys.argv[0])}: {what}")


def wait_for(what, done):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        result = done()
        if result:
            return result
        time.sleep(0.02)
    sys.exit(f"{os.path.basename(sys.argv[0])}: waited in vain: {what}")


class Serve:
    """with Serve(mailflow, root, "two-towns", "--no-latency") as serve: serve.port("mx1:25")"""

    def __init__(self, mailflow, root, topology, *options):
        self.mailflow = mailflow
        self.folder = tempfile.TemporaryDirectory()
        self.ports_file = os.path.join(self.folder.name, "ports")
        self.trace_file = os.path.join(self.folder.name, "trace.jsonl")
        self.ca_file = os.path.join(self.folder.name, "ca.pem")
        authority = [] if "--no-tls" in options else ["--ca-file", self.ca_file]
        self.said = open(os.path.join(self.folder.name, "said"), "w+b")
        self.process = subprocess.Popen(
            [mailflow, "serve", f"{root}/topologies/{topology}.json", "--ports-file", self.ports_file,
             *authority, "--export", self.trace_file, "--for", "150", *options],
            stdin=subprocess.DEVNULL, stdout=self.said, stderr=subprocess.STDOUT)

    def __enter__(self):
        wait_for("the ports file", lambda: os.path.exists(self.ports_file) or self.process.poll() is not None)
        expect(self.process.poll() is None, f"it ended: {self.output()}")
        with open(self.ports_file, encoding="ascii") as file:
            self.lines = file.read().split("\n")
        expect(self.lines[-2:] == ["ready", ""], f"the ports file ends with {self.lines[-2:]}")
        self.rows = [line.split(" ") for line in self.lines[:-2]]
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.said.close()
        self.folder.cleanup()

    def output(self):
        self.said.flush()
        with open(self.said.name, "rb") as file:
            return file.read().decode()

    def port(self, target, *, protocol=None, enters_as=None):
        tail = [f"as={enters_as}"] if enters_as else []
        for row in self.rows:
            if row[0] == target and row[3:] == tail and protocol in (None, row[2]):
                return int(row[1])
        sys.exit(f"no port for {target} {protocol} {enters_as} in {self.rows}")

    def at(self, target, **which):
        return "127.0.0.1", self.port(target, **which)

    def tls(self):
        """What a client that trusts the run's own authority uses."""
        return ssl.create_default_context(cafile=self.ca_file)

    def stop(self, number=signal.SIGTERM):
        """Ends it as a person would. Gives the trace's events."""
        self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE)
        expect(status == 0, f"status {status} after signal {number}: {self.output()}")
        checked = subprocess.run([self.mailflow, "check", self.trace_file], capture_output=True, text=True, check=False)
        expect(checked.returncode == 0, f"the trace is not valid: {checked.stdout}{checked.stderr}")
        with open(self.trace_file, encoding="utf-8") as file:
            return [json.loads(line) for line in file][1:]


def letter(token, body=b"", to=b"bob@example.org"):
    """A message that no server has a reason to change."""
    return (b"From: Alice <alice@example.com>\r\nTo: " + to + b"\r\nSubject: " + token.encode() +
            b"\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\nMessage-ID: <" + token.encode() +
            b"@client.example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            b"Content-Transfer-Encoding: 8bit\r\n\r\n" + (body or token.encode() + b"\r\n"))


def submit(port, content, host="127.0.0.1"):
    with smtplib.SMTP(host, port, timeout=PATIENCE) as client:
        client.login("alice@example.com", "secret-alice")
        refused = client.sendmail("alice@example.com", ["bob@example.org"], content, mail_options=["BODY=8BITMIME"])
        expect(refused == {}, f"refused: {refused}")


def fetch_all(port, user="bob@example.org", password="secret-bob"):
    """Every message of a mailbox, as octets; they stay there."""
    client = poplib.POP3("127.0.0.1", port, timeout=PATIENCE)
    client.user(user)
    client.pass_(password)
    count = client.stat()[0]
    messages = []
    for number in range(1, count + 1):
        messages.append(b"".join(line + b"\r\n" for line in client.retr(number)[1]))
    client.quit()
    return messages
