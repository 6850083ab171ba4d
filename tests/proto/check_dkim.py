"""Another implementation of DKIM (dkimpy) reads our signatures, and writes some for us.

    check_dkim.py verify FILE    says "pass" or "fail" for each message of the file
    check_dkim.py sign FILE      writes messages into the file, signed in several ways

In such a file each message stands behind two lines: the key's record, and its size in octets.
"""

import base64
import itertools
import subprocess
import sys

import dkim
import nacl.signing

LETTER = (
    b"From: Alice <alice@example.com>\r\n"
    b"To: bob@example.org,\r\n\tbea@example.org\r\n"
    b"Subject: Hello  and\r\n more\r\n"
    b"Date: Mon, 3 Mar 2025 09:00:00 +0000\r\n"
    b"\r\n"
    b"Dear Bob, \t \r\n\r\n  Hello   there.\r\n\r\n\r\n"
)


def messages(path):
    with open(path, "rb") as file:
        while record := file.readline():
            yield record.strip(), file.read(int(file.readline()))


def verify(path):
    for record, message in messages(path):
        good = dkim.verify(message, dnsfunc=lambda name, timeout=5: record)
        print("pass" if good else "fail")


def rsa_key():
    secret = subprocess.run(
        ["openssl", "genrsa", "-traditional", "2048"], capture_output=True, check=True
    ).stdout
    public = subprocess.run(
        ["openssl", "rsa", "-pubout", "-outform", "DER"],
        input=secret,
        capture_output=True,
        check=True,
    ).stdout
    return secret, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def ed25519_key():
    secret = nacl.signing.SigningKey.generate()
    public = base64.b64encode(bytes(secret.verify_key))
    return base64.b64encode(bytes(secret)), b"v=DKIM1; k=ed25519; p=" + public


def sign(path):
    keys = {b"rsa-sha256": rsa_key(), b"ed25519-sha256": ed25519_key()}
    forms = [b"simple", b"relaxed"]
    with open(path, "wb") as file:
        for algorithm, header, body, length in itertools.product(keys, forms, forms, [False, True]):
            secret, record = keys[algorithm]
            field = dkim.sign(
                LETTER,
                b"mail",
                b"example.com",
                secret,
                canonicalize=(header, body),
                signature_algorithm=algorithm,
                length=length,
            )
            file.write(b"%s\n%d\n%s" % (record, len(field + LETTER), field + LETTER))


def main():
    {"verify": verify, "sign": sign}[sys.argv[1]](sys.argv[2])


if __name__ == "__main__":
    main()
