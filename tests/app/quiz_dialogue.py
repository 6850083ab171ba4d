#!/usr/bin/env python3
"""Rounds of questions on the terminal: answers are judged, kept, and what was wrong comes back.
usage: quiz_dialogue.py MAILFLOW ROOT"""
import json
import os
import re
import subprocess
import sys
import tempfile

MAILFLOW, ROOT = os.path.abspath(sys.argv[1]), sys.argv[2]


def ask(state, typed, *options, status=0):
    env = dict(os.environ, XDG_STATE_HOME=state)
    done = subprocess.run([MAILFLOW, "quiz", "ask", *options], cwd=ROOT, env=env, input=typed,
                          capture_output=True, text=True)
    assert done.returncode == status, f"status {done.returncode}: {done.stderr}"
    return done.stdout + done.stderr


def ids(shown):
    return re.findall(r"^Question \d+ of \d+ \((Q\d+),", shown, flags=re.M)


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


with tempfile.TemporaryDirectory() as folder:
    state, work = os.path.join(folder, "state"), os.path.join(folder, "w.json")
    # an answer that is none is said and asked again; each choice has its word
    out = ask(state, "maybe\nt\nquit\n", "--lesson", "L03", "--count", "1", "--topic", "pop3", "--seed", "1",
              "--work", work, "--learner", "A17")
    first = ids(out)[0]
    assert "expected true or false" in out and "of 1 right" in out, out
    wrong = "Not yet." in out
    # what was wrong is the first of the next round, whatever the seed
    if wrong:
        for seed in ("2", "3", "4"):
            assert ids(ask(state, "", "--seed", seed))[0] == first
    practice = os.path.join(state, "mailflow", "practice.json")
    card = load(practice)["questions"][0]
    assert card["question"] == first and card["box"] == (0 if wrong else 1), card
    # the work file has the answer in the file's letters, and goes on being filled
    assert load(work)["learner"] == "A17" and load(work)["quiz"][0]["question"] == first
    out = ask(state, "a\nskip\n" + "b\n" * 9, "--lesson", "L07", "--count", "3", "--seed", "5", "--work", work)
    assert len(load(work)["quiz"]) >= 2, out
    # practice that somebody has broken is said, and not written over
    with open(practice, "w", encoding="utf-8") as f:
        f.write("[1")
    out = ask(state, "t\n", "--count", "1", status=2)
    assert "practice.json" in out and "broken JSON" in out, out
    assert open(practice, encoding="utf-8").read() == "[1"
    # slips of the pen
    assert "did you mean push-pull" in ask(state, "", "--topic", "push-pul", status=2)

    # who asks for help, leaves at once, or answers with the words of a choice
    out = ask(os.path.join(folder, "other"), "help\n", "--lesson", "L16", "--count", "1", "--seed", "9")
    assert "Answer on one line" in out and "(a letter" in out and "Nothing was answered." in out, out
    out = ask(os.path.join(folder, "other"), "b)\n", "--lesson", "L16", "--count", "1", "--seed", "9")
    assert "of 1 right" in out, out
    out = ask(os.path.join(folder, "words"), "the flag is kept on the server.\n", "--lesson", "L16", "--count", "1",
              "--seed", "9")
    assert "Right." in out, out
    out = ask(os.path.join(folder, "click"), "xx\nb,a\n", "--topic", "responsibility", "--count", "2", "--seed", "2")
    assert "one of mta-" not in out, out

    # every option of a single question, typed as it is shown, is judged as what it says
    for letter in "abcd":
        fresh = os.path.join(folder, "fresh-" + letter)
        kept = os.path.join(folder, f"kept-{letter}.json")
        out = ask(fresh, letter + "\nquit\n", "--lesson", "L09", "--topic", "queues", "--count", "1", "--seed", "12",
                  "--work", kept)
        q = next(x for x in load(os.path.join(ROOT, "lessons/quiz/L09.json"))["questions"] if x["id"] == ids(out)[0])
        if q["type"] != "single":
            continue
        text = re.search(rf"^ +{letter}\) (.*)$", out, flags=re.M).group(1)
        option = q["options"]["abcd".index(load(kept)["quiz"][0]["answer"])]
        assert option["t"].startswith(text[:30]), (text, option)
        assert ("Right." in out) == bool(option.get("right")), out
print("dialogues are judged and kept")
