"""Does pyspf (Debian's python3-spf) give the verdicts of spf_cases.txt? That file is also what our own
implementation is held to (test_spf.c), so the two are compared row by row. Where pyspf says
something else the row says so, and why. Skipped (77) where pyspf is not installed."""
import sys

sys.path.append("/usr/lib/python3/dist-packages")
try:
    import spf
except ImportError:
    print("pyspf (python3-spf) is not there: skipped")
    sys.exit(77)

CHECKS_MIN = 200
rows = []


def unescape(text):
    out, at = b"", 0
    while at < len(text):
        if text[at : at + 2] == "\\x":
            out += bytes([int(text[at + 2 : at + 4], 16)])
            at += 4
        else:
            out += text[at].encode()
            at += 1
    return out


def value_of(kind, data):
    if kind == "MX":
        preference, name = data.split(" ", 1)
        return int(preference), name.rstrip(".")
    return [unescape(data)] if kind == "TXT" else data


def look_up(name, kind, strict=True, timeout=0):
    """In the place of pyspf's own DNS."""
    found = []
    aliases = [data for owner, k, data in rows if owner == name.lower() and k == "CNAME"]
    for alias in aliases:
        found.append(((name, "CNAME"), alias))
        name = alias
    for owner, k, data in rows:
        if owner != name.lower():
            continue
        if k == "SERVFAIL" and data == kind:
            raise spf.TempError("DNS SERVFAIL")
        if k == kind:
            found.append(((name, kind), value_of(k, data)))
    return found


def verdict(address, sender, helo):
    query = spf.query(i=address, s="" if sender == "-" else sender, h=helo, receiver="mx.example.org")
    result, _, words = query.check()
    return result, words


def main(path):
    checks, wrong, last, allowed = 0, [], None, 0
    spf.DNSLookup = look_up
    lines = open(path, encoding="ascii").read().split("\n")
    for number, line in enumerate(lines, 1):
        word, _, rest = line.partition(" ")
        if not line or word == "#":
            continue
        if word == "zone":
            rows.clear()
        elif word == "check":
            clause, address, sender, helo, expected = rest.split(" ")
            last = verdict(address, sender, helo)
            checks += 1
            note = lines[number] if lines[number].startswith("pyspf ") else ""
            allowed += bool(note)
            if note:
                expected = note.split(" ")[1]
            if last[0] != expected:
                wrong.append(f"line {number}, RFC 7208 {clause}: pyspf says {last}, not {expected}")
        elif word == "explain" and last[0] == "fail" and rest and last[1] != rest:
            wrong.append(f"line {number}: pyspf explains {last[1]!r}")
        elif word not in ("explain", "pyspf"):
            kind, _, data = rest.partition(" ")
            rows.append((word.lower(), kind, data))
    print("\n".join(wrong))
    print(f"{checks} checks, {len(wrong)} otherwise than expected, {allowed} known to differ")
    return 1 if wrong or checks < CHECKS_MIN else 0


sys.exit(main(sys.argv[1]))
