#!/usr/bin/env python3
"""GIFT as a parser of another origin reads it: the same questions with the same keys. Without that
parser (tools/install-gift) the test is skipped.
usage: quiz_gift.py MAILFLOW ROOT FOLDER"""
import json
import os
import re
import subprocess
import sys
import tempfile

import quiz_bank
from quiz_bank import number, text_of_markdown

MAILFLOW, ROOT, FOLDER = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
BANKS = quiz_bank.load(ROOT)


def md(part):
    return text_of_markdown(part["text"]) if part else ""


def answer(text):
    """Of a pair's right side that parser leaves its own stand-ins for escaped signs: &&058; is a colon."""
    return text_of_markdown(re.sub(r"&&(\d{3});", lambda m: chr(int(m.group(1))), text))


def question(g):
    q = {"id": g["title"].split()[0], "prompt": md(g["stem"])}
    kind = g["type"]
    if kind == "TF":
        # the parser calls what follows the first # trueFeedback: it is what a wrong answer hears
        wrong, right = md(g["trueFeedback"]), md(g["falseFeedback"])
        q["tf"] = (g["isTrue"], right if g["isTrue"] else wrong, wrong if g["isTrue"] else right)
    elif kind == "MC":
        q["choices"] = [(md(c["text"]), bool(c["isCorrect"]) or (c["weight"] or 0) > 0, md(c["feedback"]))
                        for c in g["choices"]]
    elif kind == "Matching" and BANKS[q["id"]][0] == "order":
        q["order"] = [answer(p["subanswer"]) for p in g["matchPairs"]]
        first = [md(p["subquestion"]) for p in g["matchPairs"]]
        assert first[:3] == ["1st", "2nd", "3rd"][:len(first)], first
    elif kind == "Matching":
        q["pairs"] = sorted((md(p["subquestion"]), answer(p["subanswer"])) for p in g["matchPairs"])
    elif kind == "Numerical":
        values = [(number(c["text"]["number"]), number(c["text"]["range"]), md(c["feedback"]))
                  for c in g["choices"]]
        assert [c["weight"] for c in g["choices"]] == [100] + [0] * (len(values) - 1)
        q["right"], q["slips"] = values[0], values[1:]
    else:
        assert kind == "Essay", kind
        quiz_bank.rubric(q, md(g["globalFeedback"]))
    return q


if not os.path.isdir(os.path.join(FOLDER, "node_modules", "gift-pegjs")):
    print(f"skipped: no gift-pegjs in {FOLDER}; tools/install-gift fetches it")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "bank.gift")
    subprocess.run([MAILFLOW, "quiz", "export", "--format", "gift", "-o", path], cwd=ROOT, check=True,
                   stderr=subprocess.DEVNULL)
    parser = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gift_parse.mjs")
    parsed = subprocess.run(["node", parser, FOLDER, path], check=True, capture_output=True, text=True)
    items = [g for g in json.loads(parsed.stdout) if g["type"] != "Category"]
    quiz_bank.compare(BANKS, [question(g) for g in items], "GIFT")
