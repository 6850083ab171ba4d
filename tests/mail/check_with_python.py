"""Says what Python's email package finds in messages that agents/mail wrote.

The file named on the command line holds messages one after the other, each behind a line with its
size in octets. For each, lines "name value" are printed; text is printed in hexadecimal UTF-8.
"""

import email
import email.header
import email.policy
import email.utils
import sys


def messages(path):
    with open(path, "rb") as file:
        while line := file.readline():
            yield email.message_from_bytes(file.read(int(line)), policy=email.policy.default)


def hexadecimal(text):
    return text.encode("utf-8", "surrogateescape").hex()


def unix_s(date):
    return int(email.utils.parsedate_to_datetime(date).timestamp())


def defect_count(message):
    headers = [value for part in message.walk() for value in part.values()]
    lists = [item.defects for item in list(message.walk()) + headers]
    return sum(len(defects) for defects in lists)


def show_hop(field):
    clauses, date = str(field).rsplit(";", 1)
    words = clauses.split()
    by, protocol = words[words.index("by") + 1], words[words.index("with") + 1]
    print("hop", words[words.index("from") + 1], by, protocol, unix_s(date))


def show_mailboxes(message, name):
    # by the older way: .addresses of Python 3.11 keeps the blanks between encoded words of a name
    raw = "".join(value for key, value in message.raw_items() if key == name)
    for display_name, address in email.utils.getaddresses([raw.replace("\r\n", "")]):
        text = str(email.header.make_header(email.header.decode_header(display_name)))
        print("mailbox", hexadecimal(text), address)


def show_report(message):
    print("report", message["Content-Type"].params["report-type"])
    print("auto", message["Auto-Submitted"])
    parts = message.get_payload()
    print("parts", *(part.get_content_type() for part in parts))
    groups = parts[1].get_payload()
    for group in groups:
        for name, value in group.items():
            print("field", name, value)
    returned = email.message_from_string(parts[2].get_payload(), policy=email.policy.default)
    print("returned", hexadecimal(returned["Subject"]), len(returned.get_all("Received", [])))


def show(message):
    hops = message.get_all("Received", [])
    print("received", len(hops))
    for hop in hops:
        show_hop(hop)
    print("date", unix_s(message["Date"]))
    print("id", message["Message-ID"])
    print("subject", hexadecimal(message["Subject"]))
    show_mailboxes(message, "From")
    show_mailboxes(message, "To")
    if message.is_multipart():
        show_report(message)
    else:
        print("body", message.get_payload(decode=True).hex())
    print("defects", defect_count(message))


for one in messages(sys.argv[1]):
    show(one)
