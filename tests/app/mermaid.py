#!/usr/bin/env python3
"""Sequence diagrams as Mermaid itself reads them: for each topology the hosts, arrows and notes of
the ladder, and texts of a peer as they came. Without Mermaid (tools/install-mermaid) it is skipped.
usage: mermaid.py MAILFLOW ROOT FOLDER"""
import glob
import json
import os
import subprocess
import sys
import tempfile

MAILFLOW, ROOT, FOLDER = os.path.abspath(sys.argv[1]), sys.argv[2], os.path.abspath(sys.argv[3])
PARSER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mermaid_parse.mjs")
HOSTILE = r'</text><img src=x onerror=alert(1)> %%{init: {}}%% ; # end \n $$x$$ <b>'


def run(*words):
    subprocess.run([MAILFLOW, *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def parse(paths):
    out = subprocess.run(["node", PARSER, FOLDER, *paths], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def check(name, diagram):
    types = diagram["types"]
    kinds = {types[k]: k for k in types}
    signals = [(kinds[s[0]], *s[1:]) for s in diagram["signals"]]
    assert diagram["size"] < 50000, (name, diagram["size"])
    assert diagram["title"] and diagram["told"], name
    arrows = [s for s in signals if s[0] in ("SOLID", "DOTTED", "SOLID_CROSS", "DOTTED_CROSS")]
    starts = sum(s[0] == "ACTIVE_START" for s in signals)
    ends = sum(s[0] == "ACTIVE_END" for s in signals)
    assert starts == ends, (name, starts, ends)
    actors = [a[0] for a in diagram["actors"]]
    assert actors == [f"h{i + 1}" for i in range(len(actors))], (name, actors)
    for kind, origin, to, _ in arrows:
        assert origin in actors and to in actors, (name, kind, origin, to)
    return arrows, signals


def main():
    if not os.path.isdir(os.path.join(FOLDER, "node_modules", "mermaid")):
        print(f"skipped: no mermaid in {FOLDER}; tools/install-mermaid fetches it")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        names = sorted(os.path.basename(p)[:-5] for p in glob.glob(f"{ROOT}/topologies/*.json"))
        names.remove("schema")
        paths = [os.path.join(folder, f"{name}.mmd") for name in names]
        for name, path in zip(names, paths):
            run("run", name, "--export", path, "--format", "summary")
        hostile = os.path.join(folder, "hostile.mmd")
        run("run", "two-towns", "--do", f'send from=alice@example.com to=bob@example.org subject="{HOSTILE}"',
            "--export", hostile, "--format", "summary")
        diagrams = parse(paths + [hostile])
        dashed = 0
        for name, diagram in zip(names, diagrams):
            arrows, signals = check(name, diagram)
            assert arrows or os.path.getsize(paths[names.index(name)]) < 2000, name  # in some nobody speaks
            dashed += sum(a[0] == "DOTTED" for a in arrows)
        assert dashed > 10, f"only {dashed} messages were pulled"
        _, signals = check("hostile", diagrams[-1])
        said = [s[3] for s in signals if "<img" in s[3]]
        start = 'message 1 to bob@example.org, "' + HOSTILE
        assert any(start.startswith(s.rstrip("…")) for s in said), said
        print(f"{len(diagrams)} diagrams")


main()
