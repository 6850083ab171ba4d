"""Says what Python's mailbox and email packages find in a store's files.

The arguments are "maildir" or "mbox" and a path. For each message of the mailbox, and of the
Maildir's folders, a line "FOLDER SUBJECT BODY" is printed; the last two in hexadecimal.
"""

import mailbox
import os
import sys


def order(key):
    """Of a Maildir's names: by the count in "1740992400.M000000P1Q12.mx"."""
    return int(key.split(".")[1].split("Q")[1]) if isinstance(key, str) else key


def show_box(name, box):
    for key in sorted(box.keys(), key=order):
        subject = str(box[key]["Subject"]).encode("utf-8", "surrogateescape")
        body = box.get_bytes(key).replace(b"\r\n", b"\n").split(b"\n\n", 1)[1]
        print(name, subject.hex(), body.hex() or "-")


def main():
    kind, path = sys.argv[1:]
    if kind == "mbox":
        show_box("INBOX", mailbox.mbox(path, create=False))
        return
    for folder in [path] + [entry.path for entry in os.scandir(path) if entry.name[0] == "."]:
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(folder, part), exist_ok=True)
    box = mailbox.Maildir(path, create=False)
    show_box("INBOX", box)
    for name in sorted(box.list_folders()):
        show_box(name, box.get_folder(name))


main()
