#!/usr/bin/env python3
"""Moodle XML and QTI as an XML parser reads them: the same questions with the same keys.
usage: quiz_exports.py MAILFLOW ROOT"""
import glob
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import quiz_bank
from quiz_bank import number, text_of_markdown

MAILFLOW, ROOT = os.path.abspath(sys.argv[1]), sys.argv[2]
BANKS = quiz_bank.load(ROOT)


def export(form, path):
    subprocess.run([MAILFLOW, "quiz", "export", "--format", form, "-o", path], cwd=ROOT, check=True,
                   stderr=subprocess.DEVNULL)


# ---- Moodle XML ----

def md(node):
    return text_of_markdown(node.find("text").text or "")


def moodle_question(node):
    kind = node.get("type")
    q = {"id": node.find("idnumber").text, "prompt": md(node.find("questiontext"))}
    answers = node.findall("answer")
    if kind == "truefalse":
        by = {a.find("text").text: a for a in answers}
        q["tf"] = (by["true"].get("fraction") == "100", md(by["true"].find("feedback")),
                   md(by["false"].find("feedback")))
    elif kind == "multichoice":
        q["choices"] = [(md(a), float(a.get("fraction")) > 0, md(a.find("feedback"))) for a in answers]
        right = sum(float(a.get("fraction")) for a in answers if float(a.get("fraction")) > 0)
        assert abs(right - 100) < 0.001, f"{q['id']}: all right ones together give {right} %"
    elif kind == "matching":
        q["pairs"] = sorted((md(s), s.find("answer").find("text").text) for s in node.findall("subquestion"))
    elif kind == "ordering":
        q["order"] = [md(a) for a in sorted(answers, key=lambda a: float(a.get("fraction")))]
    elif kind == "numerical":
        values = [(number(a.find("text").text), number(a.find("tolerance").text), md(a.find("feedback")))
                  for a in answers]
        assert [a.get("fraction") for a in answers] == ["100"] + ["0"] * (len(answers) - 1)
        q["right"], q["slips"] = values[0], values[1:]
    else:
        assert kind == "essay", kind
        quiz_bank.rubric(q, md(node.find("graderinfo")))
    return q


def check_moodle(folder):
    path = os.path.join(folder, "bank.xml")
    export("moodle-xml", path)
    nodes = ET.parse(path).getroot().findall("question")
    quiz_bank.compare(BANKS, [moodle_question(n) for n in nodes if n.get("type") != "category"], "Moodle XML")


# ---- QTI ----

Q = "{http://www.imsglobal.org/xsd/imsqti_v2p2}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"


def lite(node):
    """Our Markdown-lite of XHTML."""
    marks = {Q + "code": "`", Q + "em": "*"}
    out = node.text or ""
    for child in node:
        mark = marks.get(child.tag)
        if mark:
            out += mark + (child.text or "") + mark
        out += child.tail or ""
    return out


def qti_question(path):
    item = ET.parse(path).getroot()
    kind = BANKS[item.get("identifier")][0]
    body, declared = item.find(Q + "itemBody"), item.find(Q + "responseDeclaration")
    keys = [v.text for v in declared.iter(Q + "value")]
    said = {f.get("identifier"): lite(f) for f in item.findall(Q + "modalFeedback")}
    q = {"id": item.get("identifier"), "prompt": lite(next(body.iter(Q + "prompt"), body.find(Q + "p")))}
    choices = {c.get("identifier"): lite(c) for c in body.iter(Q + "simpleChoice")}
    sides = {c.get("identifier"): lite(c) for c in body.iter(Q + "simpleAssociableChoice")}
    if kind == "tf":
        q["tf"] = (choices[keys[0]] == "true", said["a"], said["b"])
    elif kind in ("single", "multi", "click"):
        q["choices"] = [(text, c in keys, said[c]) for c, text in choices.items()]
    elif kind == "match":
        q["pairs"] = sorted((sides[left], sides[right]) for left, right in (k.split() for k in keys))
    elif kind == "order":
        q["order"] = [choices[k] for k in keys]
    elif kind == "num":
        near = [(e.find(Q + "baseValue").text, e.get("tolerance").split()[0]) for e in item.iter(Q + "equal")]
        words = [said["note"]] + [said[k] for k in sorted(said) if k != "note"]
        values = [(number(v), number(t), w) for (v, t), w in zip(near, words)]
        assert number(keys[0]) == values[0][0]
        q["right"], q["slips"] = values[0], values[1:]
    else:
        text = lite(body.find(Q + "rubricBlock").find(Q + "p"))
        wanted = BANKS[q["id"]][1]
        assert text.startswith("Model answer: " + wanted["model"]), q["id"]
        assert all(shows in text for shows in wanted["shows"]), q["id"]
        q["model"], q["shows"] = wanted["model"], wanted["shows"]
    return q


def check_qti(folder):
    path = os.path.join(folder, "qti")
    export("qti", path)
    manifest = ET.parse(os.path.join(path, "imsmanifest.xml")).getroot()
    listed = [r.get("href") for r in manifest.iter(CP + "resource")]
    there = sorted(os.path.basename(f) for f in glob.glob(os.path.join(path, "Q*.xml")))
    assert sorted(listed) == there, "the manifest names the files that are there"
    quiz_bank.compare(BANKS, [qti_question(os.path.join(path, name)) for name in listed], "QTI")


with tempfile.TemporaryDirectory() as folder:
    check_moodle(folder)
    check_qti(folder)
