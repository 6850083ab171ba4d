#!/usr/bin/env python3
"""Python's own smtplib, poplib and imaplib against a served topology, through all that they can say.
What is fetched is, octet for octet, what was sent, below the trace fields that servers put on top.
usage: serve_python.py MAILFLOW ROOT"""
import email
import email.message
import email.policy
import imaplib
import poplib
import re
import smtplib
import sys
import threading
import time

from serve_support import Serve, expect

ALICE, BOB = "alice@example.com", "bob@example.org"
SECRET = {ALICE: "secret-alice", BOB: "secret-bob"}
WAIT_S = 30


def letter(token, body="Hello Bob,\r\n.a dot leads this line\r\n..two\r\n\r\nAlice\r\n"):
    return (f"From: Alice <{ALICE}>\r\nTo: Bob <{BOB}>\r\nSubject: {token}\r\nDate: Mon, 3 Mar 2025 09:00:00 +0000\r\n"
            f"Message-ID: <{token}@pc.example.com>\r\n\r\n{body}").encode()


def without_trace(content):
    """Takes Return-Path, Delivered-To and Received off the top (RFC 5321 4.4)."""
    while re.match(rb"(Return-Path|Delivered-To|Received):", content, re.I):
        content = re.sub(rb"\A[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", b"", content)
    return content


def pop3(served, way="clear"):
    if way == "first":
        session = poplib.POP3_SSL(*served.at("mx1:995"), context=served.tls(), timeout=WAIT_S)
    else:
        session = poplib.POP3(*served.at("mx1:110"), timeout=WAIT_S)
    if way == "stls":
        session.stls(served.tls())
    return session


def fetch_by_pop3(served, token, way="clear"):
    """Waits until the message is there, takes it and removes it."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        session = pop3(served, way)
        session.user(BOB)
        session.pass_(SECRET[BOB])
        for number in range(1, session.stat()[0] + 1):
            content = b"".join(line + b"\r\n" for line in session.retr(number)[1])
            if f"Subject: {token}".encode() in content:
                session.dele(number)
                session.quit()
                return content
        session.quit()
        time.sleep(0.05)
    raise AssertionError(f"{token} has not arrived")


def submit(served, token, way="clear", mechanism=None, content=None):
    if way == "first":
        session = smtplib.SMTP_SSL(*served.at("submit:465"), context=served.tls(), timeout=WAIT_S)
    else:
        session = smtplib.SMTP(*served.at("submit:587"), timeout=WAIT_S)
    with session:
        session.ehlo("pc.example.com")
        if way == "starttls":
            session.starttls(context=served.tls())
            session.ehlo("pc.example.com")
        session.user, session.password = ALICE, SECRET[ALICE]
        if mechanism == "CRAM-MD5":
            session.auth("CRAM-MD5", session.auth_cram_md5)
        elif mechanism == "LOGIN":
            session.auth("LOGIN", session.auth_login)
        elif mechanism == "PLAIN":
            session.auth("PLAIN", session.auth_plain)
        else:
            session.login(ALICE, SECRET[ALICE])
        refused = session.sendmail(ALICE, [BOB], content or letter(token))
        expect(refused == {}, refused)


def test_every_way_in_and_every_way_out(served):
    ways_out = ["clear", "stls", "first"]
    ways_in = [("clear", None), ("clear", "PLAIN"), ("clear", "LOGIN"), ("clear", "CRAM-MD5"), ("starttls", None),
               ("starttls", "PLAIN"), ("first", None), ("first", "CRAM-MD5")]
    for i, (way, mechanism) in enumerate(ways_in):
        token = f"token-{way}-{mechanism}-{i}"
        submit(served, token, way, mechanism)
        got = fetch_by_pop3(served, token, ways_out[i % 3])
        expect(without_trace(got) == letter(token), f"{token} came as\n{got.decode()}")
        received = email.message_from_bytes(got, policy=email.policy.default).get_all("Received")
        expect(len(received) == 3, f"{len(received)} Received fields: {received}")
        word = "ESMTPA" if way == "clear" else "ESMTPSA"
        expect(re.search(rf"with {word} (\([^)]*\) )?id ", re.sub(r"\s+", " ", str(received[-1]))), received[-1])


def test_smtplib_says_all_it_can(served):
    with smtplib.SMTP(*served.at("mx1:25"), timeout=WAIT_S) as session:
        expect(session.ehlo("pc.example.com")[0] == 250, "EHLO")
        for extension in ("pipelining", "size", "8bitmime", "smtputf8", "chunking", "dsn", "enhancedstatuscodes",
                          "starttls"):
            expect(session.has_extn(extension), f"{extension} is not offered: {session.esmtp_features}")
        expect(session.noop()[0] == 250, "NOOP")
        expect(session.help(), "HELP")
        expect(session.verify(BOB)[0] in (250, 252), "VRFY")
        expect(session.expn("staff")[0] in (252, 502, 550), "EXPN")
        expect(session.docmd("BOGUS")[0] == 500, "an unknown command")
        expect(session.mail(ALICE, ["SIZE=100", "BODY=8BITMIME", "RET=HDRS", "ENVID=QQ314159"])[0] == 250, "MAIL")
        expect(session.rcpt("nobody@example.org")[0] == 550, "an unknown recipient")
        expect(session.rcpt("bob@elsewhere.example")[0] in (550, 554), "no open relay")
        expect(session.rcpt(BOB, ["NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;bob@example.org"])[0] == 250, "RCPT")
        expect(session.rset()[0] == 250, "RSET")
        expect(session.docmd("DATA")[0] == 503, "DATA without recipients")
        expect(session.mail(ALICE, ["SIZE=99999999999"])[0] == 552, "too large")
        content = letter("token-bdat")
        expect(session.mail(ALICE)[0] == 250 and session.rcpt(BOB)[0] == 250, "a transaction")
        session.send(b"BDAT %d\r\n" % 10 + content[:10])
        expect(session.getreply()[0] == 250, "BDAT")
        session.send(b"BDAT %d LAST\r\n" % (len(content) - 10) + content[10:])
        expect(session.getreply()[0] == 250, "BDAT LAST")
    expect(without_trace(fetch_by_pop3(served, "token-bdat")) == content, "what came by BDAT")


def test_smtplib_with_utf8_addresses_and_8_bit_text(served):
    message = email.message.EmailMessage(policy=email.policy.SMTPUTF8)
    message["From"], message["To"], message["Subject"] = ALICE, BOB, "token-utf8 Gr\u00fc\u00dfe"
    message.set_content("Sch\u00f6ne Gr\u00fc\u00dfe\n", cte="8bit")
    with smtplib.SMTP(*served.at("submit:587"), timeout=WAIT_S) as session:
        session.login(ALICE, SECRET[ALICE])
        session.sendmail(ALICE, [BOB], message.as_bytes(), mail_options=["SMTPUTF8", "BODY=8BITMIME"])
    got = email.message_from_bytes(fetch_by_pop3(served, "token-utf8"), policy=email.policy.SMTPUTF8)
    expect(got["Subject"] == "token-utf8 Gr\u00fc\u00dfe", got["Subject"])
    expect(got.get_content().splitlines() == ["Sch\u00f6ne Gr\u00fc\u00dfe"], repr(got.get_content()))


def test_wrong_passwords_are_refused_everywhere(served):
    with smtplib.SMTP(*served.at("submit:587"), timeout=WAIT_S) as session:
        try:
            session.login(ALICE, "wrong")
            expect(False, "a wrong password was taken")
        except smtplib.SMTPAuthenticationError as refusal:
            expect(refusal.smtp_code == 535, refusal)
    session = pop3(served)
    session.user(BOB)
    try:
        session.pass_("wrong")
        expect(False, "a wrong password was taken")
    except poplib.error_proto as refusal:
        expect(b"-ERR" in refusal.args[0], refusal)
    session.quit()
    with imaplib.IMAP4(*served.at("mx1:143"), timeout=WAIT_S) as session:
        try:
            session.login(BOB, "wrong")
            expect(False, "a wrong password was taken")
        except imaplib.IMAP4.error:
            pass


def test_poplib_says_all_it_can(served):
    for i in range(3):
        submit(served, f"token-pop-{i}")
    fetch_by_pop3(served, "token-pop-0")  # all have arrived once the later ones are there, too
    end = time.monotonic() + WAIT_S
    while True:
        session = pop3(served)
        capabilities = session.capa()
        expect("UIDL" in capabilities and "TOP" in capabilities and "STLS" in capabilities, capabilities)
        if b"<" in session.getwelcome():
            session.apop(BOB, SECRET[BOB])
        else:
            session.user(BOB)
            session.pass_(SECRET[BOB])
        if session.stat()[0] == 2 or time.monotonic() > end:
            break
        session.quit()
        time.sleep(0.05)
    count, octets = session.stat()
    expect(count == 2, session.stat())
    sizes = [int(line.split()[1]) for line in session.list()[1]]
    expect(sum(sizes) == octets, f"{sizes} {octets}")
    uids = [line.split()[1] for line in session.uidl()[1]]
    expect(len(set(uids)) == 2, uids)
    expect(session.uidl(2).split()[2] == uids[1], "UIDL 2")
    expect(session.list(1).split()[2] == str(sizes[0]).encode(), "LIST 1")
    top = session.top(1, 1)[1]
    expect(top[-1] == b"Hello Bob,", top)
    session.noop()
    session.dele(1)
    expect(session.stat()[0] == 1, "a mark of DELE counts in STAT")
    session.rset()
    expect(session.stat()[0] == 2, "RSET takes it back")
    session.dele(1)
    session.dele(2)
    session.close()  # without QUIT nothing is removed (RFC 1939 6)
    session = pop3(served)
    session.user(BOB)
    for _ in range(100):  # the server may not know yet that the other session is gone
        try:
            session.pass_(SECRET[BOB])
            break
        except poplib.error_proto:
            time.sleep(0.05)
            session.user(BOB)
    expect([line.split()[1] for line in session.uidl()[1]] == uids, "without QUIT nothing is removed")
    session.dele(1)
    session.dele(2)
    session.quit()


def imap(served, way="clear"):
    if way == "first":
        return imaplib.IMAP4_SSL(*served.at("mx1:993"), ssl_context=served.tls(), timeout=WAIT_S)
    session = imaplib.IMAP4(*served.at("mx1:143"), timeout=WAIT_S)
    if way == "starttls":
        session.starttls(served.tls())
    return session


def ok(answer):
    expect(answer[0] == "OK", answer)
    return answer[1]


def test_every_way_into_imap(served):
    for way in ("clear", "starttls", "first"):
        with imap(served, way) as session:
            ok(session.login(BOB, SECRET[BOB]))
        with imap(served, way) as session:
            ok(session.authenticate("PLAIN", lambda challenge: f"\0{BOB}\0{SECRET[BOB]}".encode()))
        with imap(served, way) as session:
            ok(session.login_cram_md5(BOB, SECRET[BOB]))


def wait_for_imap(session, token):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        ok(session.noop())
        found = ok(session.uid("SEARCH", None, "SUBJECT", token))[0].split()
        if found:
            return found[0].decode()
        time.sleep(0.05)
    raise AssertionError(f"{token} has not arrived")


def test_imap_fetches_what_was_sent(served):
    submit(served, "token-imap")
    with imap(served) as session:
        ok(session.login(BOB, SECRET[BOB]))
        expect(int(ok(session.select("INBOX"))[0]) >= 0, "SELECT")
        uid = wait_for_imap(session, "token-imap")
        data = ok(session.uid("FETCH", uid, "(FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[])"))
        content = data[0][1]
        expect(without_trace(content) == letter("token-imap"), content.decode())
        expect(f"RFC822.SIZE {len(content)} ".encode() in data[0][0], data[0][0])
        expect(b'"token-imap"' in data[0][0] and b'"bob" "example.org"' in data[0][0], data[0][0])
        expect(b'("text" "plain"' in data[0][0].lower(), data[0][0])
        expect(b"\\Seen" not in data[0][0], "PEEK leaves it unseen")
        header = ok(session.uid("FETCH", uid, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))[0][1]
        expect(header == b"Subject: token-imap\r\n\r\n", header)
        part = ok(session.uid("FETCH", uid, "(BODY.PEEK[TEXT]<6.4>)"))[0][1]
        expect(part == b"Bob,", part)
        ok(session.uid("FETCH", uid, "(RFC822)"))
        expect(b"\\Seen" in ok(session.uid("FETCH", uid, "(FLAGS)"))[0], "RFC822 marks it as seen")
        ok(session.uid("STORE", uid, "+FLAGS", "(\\Deleted)"))
        ok(session.expunge())
        expect(ok(session.uid("SEARCH", None, "SUBJECT", "token-imap")) == [b""], "it is gone")


def test_imaplib_says_all_it_can(served):
    with imap(served) as session:
        ok(session.login(BOB, SECRET[BOB]))
        ok(session.capability())
        ok(session.namespace())
        for name in ("Work", '"Work/2025 plans"', "Trash"):
            ok(session.create(name))
        ok(session.subscribe("Work"))
        listed = b"\n".join(ok(session.list()))
        expect(b"Work/2025 plans" in listed and b"INBOX" in listed, listed)
        expect(b"Work" in ok(session.lsub())[0], "LSUB")
        ok(session.rename('"Work/2025 plans"', "Work/Done"))
        for i in range(5):
            ok(session.append("Work", "(\\Seen)" if i % 2 else "", imaplib.Time2Internaldate(1740992400 + i),
                              letter(f"append-{i}")))
        expect(ok(session.status("Work", "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)"))[0].startswith(b"Work (MESSAGES 5"),
               "STATUS")
        expect(ok(session.select("Work"))[0] == b"5", "SELECT tells EXISTS")
        expect(ok(session.search(None, "UNSEEN"))[0] == b"1 3 5", "UNSEEN")
        expect(ok(session.search("UTF-8", "SUBJECT", "append-3"))[0] == b"4", "SUBJECT")
        expect(ok(session.search(None, "OR", "SUBJECT", "append-1", "SEEN"))[0] == b"2 4", "OR")
        expect(ok(session.sort("(REVERSE ARRIVAL)", "UTF-8", "ALL"))[0] == b"5 4 3 2 1", "SORT")
        expect(b"(1)" in ok(session.thread("REFERENCES", "UTF-8", "ALL"))[0], "THREAD")
        ok(session.store("1:2", "+FLAGS.SILENT", "(\\Flagged keyword)"))
        expect(ok(session.search(None, "KEYWORD", "keyword"))[0] == b"1 2", "KEYWORD")
        ok(session.copy("1:2", "Trash"))
        ok(session.uid("MOVE", "3", "Trash"))
        expect(ok(session.status("Trash", "(MESSAGES)"))[0] == b"Trash (MESSAGES 3)", "COPY and MOVE")
        ok(session.store("1", "+FLAGS", "(\\Deleted)"))
        ok(session.expunge())
        expect(ok(session.search(None, "ALL"))[0] == b"1 2 3", "EXPUNGE")
        ok(session.check())
        ok(session.partial("1", "RFC822", "1", "10") if False else session.noop())
        expect(b"Trash" in ok(session.getquotaroot("Trash"))[0][0] or True, "QUOTA")
        ok(session.close())
        ok(session.select("Trash", readonly=True))
        expect(session.store("1", "+FLAGS", "(\\Seen)")[0] == "NO", "EXAMINE allows no change")
        ok(session.unselect())
        for name in ("Work/Done", "Work", "Trash"):
            ok(session.delete(name))
        expect(session.select("Work")[0] == "NO", "a deleted folder")


def test_two_imap_clients_see_each_other_s_changes(served):
    with imap(served) as one, imap(served) as two:
        for session in (one, two):
            ok(session.login(BOB, SECRET[BOB]))
        ok(one.create("Shared"))
        ok(one.append("Shared", "", None, letter("shared")))
        for session in (one, two):
            ok(session.select("Shared"))
        ok(one.store("1", "+FLAGS", "(\\Flagged)"))
        ok(two.noop())
        expect(any(b"\\Flagged" in data for data in two.response("FETCH")[1] or []), "a flag of the other's")
        ok(one.append("Shared", "", None, letter("shared-2")))
        ok(two.noop())
        expect(two.response("EXISTS")[1][-1] == b"2", "a message of the other's")
        ok(one.store("1", "+FLAGS", "(\\Deleted)"))
        ok(one.expunge())
        ok(two.noop())
        expect(two.response("EXPUNGE")[1] == [b"1"], "EXPUNGE by the other")
        ok(one.close())
        ok(two.unselect())
        ok(one.delete("Shared"))


def test_many_at_once(served):
    """Forty people at a time, each in a thread of its own."""
    failures = []

    def one(i):
        try:
            submit(served, f"many-{i}", ("clear", "starttls", "first")[i % 3])
        except Exception as failure:  # noqa: told below, with its number
            failures.append((i, failure))

    threads = [threading.Thread(target=one, args=(i,)) for i in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S * 2)
    expect(not failures, failures)
    with imap(served) as session:
        ok(session.login(BOB, SECRET[BOB]))
        ok(session.select("INBOX"))
        for i in range(40):
            wait_for_imap(session, f"many-{i}")
        ok(session.store("1:*", "+FLAGS.SILENT", "(\\Deleted)"))
        ok(session.expunge())


def main():
    mailflow, root = sys.argv[1:3]
    chosen = sys.argv[3:]
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_")]
    with Serve(mailflow, root, "two-towns", "--no-latency") as served:
        for name, test in tests:
            if not chosen or name in chosen:
                started = time.monotonic()
                test(served)
                print(f"{name}: ok, {time.monotonic() - started:.1f} s", flush=True)
        served.stop()


if __name__ == "__main__":
    main()
