#!/usr/bin/env python3
"""Work files are graded by running them again: claims, cut and broken files change nothing for the others.
usage: quiz_grade.py MAILFLOW ROOT"""
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time

MAILFLOW, ROOT = os.path.abspath(sys.argv[1]), sys.argv[2]


def run(*words, status=0, typed=""):
    env = dict(os.environ, XDG_STATE_HOME=FOLDER)
    done = subprocess.run([MAILFLOW, *words], cwd=ROOT, env=env, input=typed, capture_output=True, text=True)
    assert done.returncode == status, f"{words}: status {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def path(name):
    return os.path.join(FOLDER, name)


def write(name, data):
    with open(path(name), "w", encoding="utf-8") as f:
        json.dump(data, f)
    return path(name)


def rows(name):
    with open(path(name), encoding="utf-8", newline="") as f:
        text = f.read()
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", ""), "RFC 4180: lines end with CRLF"
    return list(csv.DictReader(text.splitlines()))


with tempfile.TemporaryDirectory() as FOLDER:
    # a whole solution, played line by line into a work file
    solution = run("lesson", "solve", "L07")
    run("lesson", "play", "L07", "--work", path("good.json"), "--learner", "A17", typed=solution)
    with open(path("good.json"), encoding="utf-8") as f:
        good = json.load(f)
    good["quiz"] = [{"question": "Q0702", "rev": 1, "answer": "b", "seconds": 9, "at": "2026-11-22T10:00:00Z"},
                    {"question": "Q0702", "rev": 1, "answer": "a", "seconds": 4, "at": "2026-11-22T10:01:00Z"},
                    {"question": "Q0706", "rev": 1, "answer": "333", "seconds": 4, "at": "2026-11-22T10:02:00Z"},
                    {"question": "Q9999", "rev": 1, "answer": "a", "seconds": 4, "at": "2026-11-22T10:02:00Z"}]
    good["learner"] = "=1+1,\"x\""
    write("good.json", good)

    # who cuts the log, or answers without doing, gets what is left of it
    cut = json.loads(json.dumps(good))
    cut["attempts"][0]["deeds"] = cut["attempts"][0]["deeds"][:4]
    write("cut.json", cut)
    empty = dict(good, attempts=[], quiz=[])
    write("empty.json", empty)
    # a score that somebody writes into the file is a key that there is not
    write("forged.json", dict(empty, score=100))
    with open(path("broken.json"), "w", encoding="utf-8") as f:
        f.write('{"format": 1, "mailflow": "work", ')
    write("nowhere.json", dict(empty, lesson="../../etc/passwd"))

    names = ["good", "cut", "empty", "forged", "broken", "nowhere"]
    out = run("quiz", "grade", *(path(n + ".json") for n in names), path("missing.json"), "--csv",
              path("results.csv"), status=1)
    line = {n: next(x for x in out.splitlines() if n + ".json" in x) for n in names + ["missing"]}
    assert "100 %, passed" in line["good"] and "quiz 1 of 3 right" in line["good"], line["good"]
    assert "not passed" in line["cut"] and "100 %" not in line["cut"], line["cut"]
    assert " 0 of " in line["empty"] and "0 %, not passed" in line["empty"], line["empty"]
    assert "score" in line["forged"] and "unknown key" in line["forged"], line["forged"]
    assert ":1:" in line["broken"], line["broken"]
    assert "lesson" in line["nowhere"], line["nowhere"]

    # the three tables
    checks = rows("results-checks.csv")
    mine = [r for r in checks if r["run"] == "1"]
    assert {r["check"] for r in mine} >= {"C0701", "C0702"}, mine
    assert checks[0]["learner"] == "'=1+1,\"x\"", "what begins like a formula has a ' in front"
    assert all(r["passed"] in "01" and int(r["points"]) <= int(r["max"]) for r in checks)
    steps = rows("results-steps.csv")
    assert {"p1", "s1", "step5"} <= {r["step"] for r in steps}
    assert all(r["kind"].isupper() for r in steps)
    quiz = rows("results-quiz.csv")[:4]
    assert [(r["question"], r["attempt"], r["right"]) for r in quiz] == [
        ("Q0702", "1", "0"), ("Q0702", "2", "1"), ("Q0706", "1", "0"), ("Q9999", "1", "0")], quiz
    assert quiz[2]["slip"] == "1" and quiz[1]["score"] == "1.000" and quiz[1]["seconds"] == "4"

    # what was solved line by line is, run again, worth what it was worth at the time
    for name in sorted(os.listdir(os.path.join(ROOT, "lessons"))):
        if not re.fullmatch(r"L\d\d\.json", name) or name == "L24.json":
            continue
        work = path("again-" + name)
        run("lesson", "play", name[:3], "--work", work, typed=run("lesson", "solve", name[:3]))
        out = run("quiz", "grade", work)
        assert "100 %, passed" in out, out

    # a class of 200, quickly
    for i in range(200):
        write(f"many-{i}.json", dict(good, learner=f"L{i}"))
    began = time.monotonic()
    out = run("quiz", "grade", *(path(f"many-{i}.json") for i in range(200)))
    assert out.count("100 %, passed") == 200
    print(f"graded, forged and broken ones too; 200 files in {time.monotonic() - began:.1f} s")
