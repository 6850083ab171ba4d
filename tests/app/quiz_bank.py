"""The banks as plain data, in the one form that every export is read back into."""
import glob
import json
import os


def number(x):
    return round(float(x), 3)


def plain(q):
    """What an export has to keep of a question."""
    kind = q["type"]
    p = {"id": q["id"], "prompt": q["prompt"]}
    if kind == "tf":
        p["tf"] = (q["right"], q["fb"]["true"], q["fb"]["false"])
    elif kind in ("single", "multi", "click"):
        p["choices"] = [(c["t"], bool(c.get("right")), c["fb"]) for c in q.get("options") or q["targets"]]
    elif kind == "match":
        p["pairs"] = sorted((c["l"], c["r"]) for c in q["pairs"])
    elif kind == "order":
        p["order"] = [c["t"] for c in q["items"]]
    elif kind == "num":
        p["right"] = (number(q["answer"]), number(q["tol"]), q["fb"])
        p["slips"] = [(number(s["value"]), number(s.get("tol", 0)), s["fb"]) for s in q.get("slips", [])]
    else:
        p["model"] = q["model"]
        p["shows"] = [k["shows"] for k in q["keys"]]
    return p


def load(root):
    """id -> (type, plain), of all banks that are there."""
    banks = {}
    for path in sorted(glob.glob(os.path.join(root, "lessons", "quiz", "*.json"))):
        if os.path.basename(path) == "schema.json":
            continue
        with open(path, encoding="utf-8") as f:
            for q in json.load(f)["questions"]:
                banks[q["id"]] = (q["type"], plain(q))
    return banks


def text_of_markdown(text):
    """Back to our Markdown-lite: HTML's signs outside of `code`, escaped backslashes."""
    out, parts = [], text.split("`")
    for i, part in enumerate(parts):
        if i % 2 == 0 or i == len(parts) - 1:
            part = part.replace("&lt;", "<").replace("&amp;", "&").replace("\\\\", "\\")
        out.append(part)
    return "`".join(out)


def rubric(p, text):
    """The model and what the keys show, out of what a grader is told."""
    lines = text.split("\n\n")
    p["model"] = lines[0].removeprefix("Model answer: ")
    p["shows"] = [x.split(": ", 1)[1] for x in lines if " point" in x.split(": ")[0]]


def compare(banks, read, what):
    """Every question is there, once, and says the same. Ends the test where one does not."""
    assert len(read) == len(banks), f"{what}: {len(read)} questions of {len(banks)}"
    course = [q for q in read if q["id"] < "Q25"]
    assert len(course) == 155, f"{what}: {len(course)} questions of the course"
    for q in read:
        wanted = banks[q["id"]][1]
        assert q == wanted, f"{what}: {q['id']}\nread   {q}\nwanted {wanted}"
    print(f"{what}: {len(read)} questions read back, all the same")
