"""Python's email package as the second reader of MIME messages.

    check_mime_with_python.py make         random messages, and what is in each, to standard output
    check_mime_with_python.py read FILE    what is in the messages of the file

Both forms have each message behind a line with its size in octets. "make" writes what is in it right
after it: a line "subject HEX", then a line a part, depth first: its depth, type, file name in
hexadecimal UTF-8 ("-" when there is none), and content in hexadecimal ("-" where there are parts
within); then "end".
"""

import email
import email.header
import email.policy
import random
import sys
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.charset import BASE64, QP, Charset

WORDS = ["Hello", "grüße", "naïve", "Привет", "мир", "=", "a=b", "--", "--x", "tab\there", "trailing ", ".", "From here"]
NAMES = ["report.pdf", "größe 1.txt", "a;b=\"c\".bin", "отчёт за март, который очень длинный и не влезет в одну строку.doc"]


def text(rng, charset):
    lines = [" ".join(rng.choices(WORDS, k=rng.randrange(8))) for _ in range(rng.randrange(6))]
    joined = "\r\n".join(lines) + rng.choice(["", "\r\n"])
    return joined.encode(charset, "ignore").decode(charset)


def leaf(rng):
    kind = rng.randrange(3)
    if kind == 0:
        part = MIMEApplication(rng.randbytes(rng.randrange(200)))
    else:
        name = rng.choice(["utf-8", "iso-8859-1", "koi8-r", "windows-1252"])
        charset = Charset(name)
        charset.body_encoding = rng.choice([QP, BASE64])
        part = MIMEText(text(rng, name), rng.choice(["plain", "html"]), charset)
    if rng.randrange(2):
        name = rng.choice(NAMES)
        plain = name.isascii()
        part.add_header("Content-Disposition", "attachment", filename=name if plain else ("utf-8", "", name))
    return part


def tree(rng, depth):
    kind = rng.randrange(4) if depth < 5 else 0
    if kind <= 1:
        return leaf(rng)
    if kind == 2:
        return MIMEMessage(headed(rng, tree(rng, depth + 2)))
    parts = [tree(rng, depth + 1) for _ in range(rng.randrange(1, 4))]
    boundary = rng.choice([None, "a", "ab", "=_ x'(y)", "-" * 8])
    # Python takes a line for a boundary only when nothing else is behind it; see RFC 2046 5.1.1
    return MIMEMultipart(rng.choice(["mixed", "alternative"]), boundary and f"{boundary}.{depth}.{rng.randrange(10**9)}", parts)


def headed(rng, message):
    subject = " ".join(rng.choices(WORDS[:5], k=rng.randrange(1, 12)))
    message["Subject"] = email.header.Header(subject, rng.choice(["utf-8", "koi8-r"] if "ü" not in subject and "ï" not in subject else ["utf-8"]))
    return message


def show(message, depth=0):
    name = message.get_filename()
    within = message.is_multipart()
    content = "-" if within else message.get_payload(decode=True).hex()
    hexname = name.encode("utf-8", "surrogateescape").hex() if name else "-"
    lines = [f"{depth} {message.get_content_type()} {hexname} {content}"]
    for part in message.get_payload() if within else []:
        lines += show(part, depth + 1)
    return lines


def contents(octets):
    message = email.message_from_bytes(octets)
    subject = str(email.header.make_header(email.header.decode_header(message.get("Subject", ""))))
    return "\n".join([f"subject {subject.encode('utf-8').hex()}", *show(message), "end", ""])


def make():
    random.seed(1)  # of the boundaries that the package makes itself
    rng = random.Random(1)
    for _ in range(300):
        octets = headed(rng, tree(rng, 0)).as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))
        sys.stdout.buffer.write(b"%d\n" % len(octets) + octets + contents(octets).encode())


def read(path):
    with open(path, "rb") as file:
        while line := file.readline():
            sys.stdout.write(contents(file.read(int(line))))


if sys.argv[1] == "make":
    make()
else:
    read(sys.argv[2])
