#!/usr/bin/env python3
"""What other programs read of the exports: Python's mailbox and email, its csv module, xmllint and
rsvg-convert.
usage: exports.py MAILFLOW ROOT"""
import csv
import io
import json
import mailbox
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

MAILFLOW, ROOT = os.path.abspath(sys.argv[1]), sys.argv[2]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script> ]]> & "=1+1" \u202e\u00e9'


def run(*words, status=0):
    done = subprocess.run([MAILFLOW, *words], cwd=ROOT, capture_output=True)
    assert done.returncode == status, (words, done.returncode, done.stderr)
    return done


def delivered(trace, message=None):
    """The copies in the trace, each header and body with CRLF."""
    copies = []
    with open(trace, encoding="utf-8") as lines:
        for line in lines:
            e = json.loads(line)
            if e.get("kind") == "deliver" and message in (None, e["msg"]):
                copies.append((octets(e.get("header", "")) + octets(e.get("body", ""))))
    return copies


def octets(text):
    """Octets that are no UTF-8 stand in a trace as {"hex": ...} or the like; these runs have none."""
    assert isinstance(text, str), text
    return text.encode("utf-8")


def unquote(text):
    return re.sub(rb"^>(>*From )", rb"\1", text, flags=re.M)


def check_mail(folder, trace):
    wanted = delivered(trace)
    assert len(wanted) > 2
    box = mailbox.mbox(f"{folder}/all.mbox", create=False)
    got = [unquote(box.get_bytes(key)).replace(b"\n", b"\r\n") for key in box.keys()]
    assert got == wanted, (got, wanted)
    assert any(b"\r\nFrom the start\r\n" in m for m in wanted), "nothing to quote"
    assert b"\n>From the start\n" in open(f"{folder}/all.mbox", "rb").read()
    assert b"\n>>From a quote\n" in open(f"{folder}/all.mbox", "rb").read()
    one = mailbox.mbox(f"{folder}/one.mbox", create=False)
    got = [unquote(one.get_bytes(key)).replace(b"\n", b"\r\n") for key in one.keys()]
    assert got == delivered(trace, 1) and got != wanted
    maildir = mailbox.Maildir(f"{folder}/box", create=False)
    keys = sorted(maildir.keys())
    got = sorted(maildir.get_bytes(key).replace(b"\n", b"\r\n") for key in keys)
    assert got == sorted(wanted)
    assert all(maildir.get_message(key).get_subdir() == "new" for key in keys)
    again = mailbox.Maildir(f"{folder}/again", create=False)
    assert sorted(again.keys()) == keys, "the names are not the same every time"
    for n in (1, 2):
        eml = open(f"{folder}/{n}.eml", "rb").read()
        assert eml == delivered(trace, n)[-1], n


def check_csv(folder, trace):
    text = open(f"{folder}/all.csv", "rb").read()
    assert text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b"")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8"), newline=""), strict=True))
    with open(trace, encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines]
    events = [e for e in events if "kind" in e]
    assert len(rows) == 1 + len(events), (len(rows), len(events))
    assert all(len(row) == len(rows[0]) for row in rows)
    assert [row[rows[0].index("kind")] for row in rows[1:]] == [e["kind"] for e in events]
    for row in rows[1:]:
        for name, cell in zip(rows[0], row):
            assert cell[:1] not in ("=", "+", "@", "\t", "\r"), (name, cell)
            assert cell[:1] != "-" or name in ("t_ns",), (name, cell)
    assert any("\u00e9" in row[-1] for row in rows), "8-bit text is UTF-8"
    assert not any("\u202e" in cell for row in rows for cell in row), "what reverses is shown by its number"


def check_svg(path, panel, words):
    subprocess.run(["xmllint", "--noout", "--nonet", path], check=True)
    root = ET.parse(path).getroot()
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and panel in title.text, (path, title is not None and title.text)
    assert desc is not None and len(desc.text) > 40, path
    for word in words:
        assert word in desc.text or word in "".join(root.itertext()), (path, word)
    kinds = {e.tag.replace(SVG, "") for e in root.iter()}
    assert not kinds & {"script", "foreignObject", "a", "image", "b"}, (path, kinds)
    if shutil.which("rsvg-convert"):
        png = path[:-4] + "-rsvg.png"
        subprocess.run(["rsvg-convert", "-o", png, path], check=True)
        assert os.path.getsize(png) > 1000


def check_pictures(folder, trace):
    for panel, label in (("map", "Map"), ("ladder", "Ladder"), ("header", "Header")):
        for ending in ("svg", "png"):
            for how in ("replay", "render"):
                path = f"{folder}/{panel}-{how}.{ending}"
                words = ["--export", path, "--format", "summary"] if how == "replay" else ["-o", path]
                run(how, trace, "--panel", panel, "--at", "500ms", "--theme", "projector", *words)
        first = open(f"{folder}/{panel}-replay.svg", "rb").read()
        assert first == open(f"{folder}/{panel}-render.svg", "rb").read(), panel
        check_svg(f"{folder}/{panel}-replay.svg", label, [])
    run("run", "two-towns", "--export", f"{folder}/small.png", "--panel", "map", "--size", "640x480",
        "--format", "summary")
    png = open(f"{folder}/small.png", "rb").read()
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and png[16:24] == (640).to_bytes(4, "big") + (480).to_bytes(4, "big")
    # what a person wrote into a subject stays text
    run("replay", trace, "--panel", "header", "--message", "2", "--export", f"{folder}/hostile.svg",
        "--format", "summary")
    check_svg(f"{folder}/hostile.svg", "Header", ["<script>alert(1)"])
    # a ladder is as high as it has rows, up to a limit, and says so when there are more
    run("replay", trace, "--panel", "ladder", "--export", f"{folder}/whole.svg", "--format", "summary")
    whole = "".join(ET.parse(f"{folder}/whole.svg").getroot().itertext())
    assert "Rows " not in whole and "EHLO" in whole
    run("replay", trace, "--panel", "ladder", "--size", "800x400", "--export", f"{folder}/part.svg",
        "--format", "summary")
    assert re.search(r"Rows \d+ to \d+ of \d+", "".join(ET.parse(f"{folder}/part.svg").getroot().itertext()))
    done = run("replay", trace, "--panel", "nothing", "--export", f"{folder}/x.svg", "--format", "summary", status=2)
    assert b"--panel: expected one of window, map, " in done.stderr, done.stderr


def check_wrong(folder, trace):
    for name, words in (("-./", "standard output"), ("-.webm", "standard output"), ("x.doc", ".mbox, FOLDER/, ")):
        done = run("replay", trace, "--export", name, "--format", "summary", status=2)
        assert words.encode() in done.stderr, (name, done.stderr)
    before = sorted(os.listdir(folder))
    run("replay", trace, "--export", f"{folder}/box/", "--format", "summary", status=2)
    assert sorted(os.listdir(folder)) == before


def main():
    with tempfile.TemporaryDirectory() as folder:
        trace = f"{folder}/all.jsonl"
        hostile = HOSTILE.replace('"', '\\"')
        run("run", "two-towns", "--format", "summary",
            "--do", 'send from=alice@example.com to=bob@example.org subject=one '
                    'body="From the start\\n>From a quote\\n.\\nFrom\\n"',
            "--do", f'send from=alice@example.com to=bob@example.org subject="{hostile}"',
            "--do", "send from=alice@example.com to=bob@example.org subject=three",
            "--export", trace, "--export", f"{folder}/all.mbox", "--export", f"{folder}/box/",
            "--export", f"{folder}/all.csv", "--export", f"{folder}/all.txt")
        run("replay", trace, "--format", "summary", "--export", f"{folder}/again/")
        run("replay", trace, "--format", "summary", "--message", "1", "--export", f"{folder}/one.mbox")
        for n in ("1", "2"):
            run("replay", trace, "--format", "summary", "--message", n, "--export", f"{folder}/{n}.eml")
        check_mail(folder, trace)
        check_csv(folder, trace)
        check_pictures(folder, trace)
        check_wrong(folder, trace)
        print("ok")


main()
