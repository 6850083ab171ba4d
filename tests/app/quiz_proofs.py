#!/usr/bin/env python3
"""The keys of the questions against the runs that they name: each holds, and a key that is turned round is
refused with its place. All that asks about push and pull is proved.
usage: quiz_proofs.py MAILFLOW ROOT"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

MAILFLOW, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])


def check(*paths):
    done = subprocess.run([MAILFLOW, "check", *paths], cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def is_proved(q):
    parts = q.get("options") or q.get("targets") or q.get("pairs") or []
    return "proof" in q or any("when" in p for p in parts)


paths = [p for p in sorted(glob.glob(os.path.join(ROOT, "lessons", "quiz", "*.json"))) if "schema" not in p]
status, out = check(*paths)
assert status == 0, out
proved = sum(int(n) for n in re.findall(r", (\d+) of them proved", out))
assert proved >= 90, f"{proved} questions are proved by a run"

banks = {p: json.load(open(p, encoding="utf-8")) for p in paths}
bare = [q["id"] for b in banks.values() for q in b["questions"] if "push-pull" in q["topics"] and not is_proved(q)]
assert not bare, f"about push and pull, and no run proves it: {bare}"

# each key turned round: the other option right, or the check denied
turned = 0
with tempfile.TemporaryDirectory() as folder:
    for path, bank in banks.items():
        if not os.path.basename(path) in ("L03.json", "L07.json", "L18.json"):
            continue
        for i, q in enumerate(bank["questions"]):
            if not is_proved(q):
                continue
            wrong = json.loads(json.dumps(q))
            parts = [p for p in wrong.get("options") or wrong.get("targets") or [] if "when" in p]
            if parts:
                parts[0]["when"] = f"not ({parts[0]['when']})"
            else:
                wrong["proof"] = f"not ({wrong['proof']})"
            copy = os.path.join(folder, "bank.json")
            with open(copy, "w", encoding="utf-8") as f:
                json.dump(dict(bank, questions=[wrong]), f, indent=1)
            status, out = check(copy)
            assert status != 0 and re.search(r"bank\.json:\d+:\d+: the run ", out), f"{q['id']}: {out}"
            turned += 1
assert turned >= 15
print(f"{proved} keys are what their runs say; {turned} keys turned round were refused")
