#!/usr/bin/env python3
"""The form of the tree, as docs/architecture.md states it: who may include whom, headers that stand
alone, lengths, banned calls. Prints a line a finding; status 1 when there is one.
usage: tidy.py ROOT"""
import os
import re
import subprocess
import sys
import tempfile

# The levels. A folder may include from lower levels; writers of the trace and its readers never
# meet below app.
LEVELS = {
    "sim/base": 0,
    "sim/trace": 1, "agents/mail": 1, "render/draw": 1,
    "sim/kernel": 2, "sim/json": 2, "agents/proto": 2, "render/scene": 2,
    "sim/net": 3, "lessons": 3,
    "agents/drive": 4, "render/view": 4, "export": 4, "render/sdl": 4,
    "agents/roles": 5,
    "topologies": 6,
    "bridge": 7,
    "app": 8,
}
WRITERS = {"sim/kernel", "sim/net", "agents/drive", "agents/roles", "topologies", "bridge"}
READERS = {"render/scene", "render/view", "export", "lessons"}
ONLY = {"render/sdl": {"render/draw", "sim/base"}, "agents/mail": {"sim/base"},
        "render/draw": {"sim/base"}, "sim/json": {"sim/base", "agents/mail"},
        "agents/proto": {"sim/base", "agents/mail"}}
BANNED = ["gets", "strcpy", "strcat", "sprintf", "vsprintf", "strtok", "rand", "srand", "atoi",
          "atof", "alloca", "system", "setjmp", "longjmp"]
# No wall clock, threads or hash order where the simulation lives.
BANNED_IN_SIM = ["time", "clock", "gettimeofday", "clock_gettime", "getenv", "pthread_create", "fork"]
SIM = {"sim/base", "sim/trace", "sim/kernel", "sim/net", "agents/mail", "agents/proto",
       "agents/drive", "agents/roles"}
# The one place that takes memory, and third-party headers' own needs.
FILE_LINES, FUNCTION_LINES, COLUMNS = 500, 70, 100


def folder_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in ("sim", "agents", "render") else parts[0]


def sources(root):
    for top in ("sim", "agents", "topologies", "lessons", "render", "export", "bridge", "app"):
        for directory, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    yield os.path.relpath(os.path.join(directory, name), root)


def without_comments(text):
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    blank = lambda m: m.group(0)[0] * 2 if m.group(0)[0] in "\"'" else re.sub(r"[^\n]", " ", m.group(0))
    return re.sub(pattern, blank, text, flags=re.S)


def check_includes(path, text, findings):
    here = folder_of(path)
    own = path[:-2] + ".h"
    includes = re.findall(r'^#include ([<"])([^>"]+)[>"]', text, flags=re.M)
    if path.endswith(".c") and ('"', own) in includes and includes[0] != ('"', own):
        findings.append(f"{path}: its own header is not the first include")
    for kind, name in includes:
        if kind == "<":
            continue
        there = folder_of(name)
        if there == here:
            continue
        if there not in LEVELS:
            findings.append(f'{path}: "{name}" is not written from the root of the tree')
        elif LEVELS[there] >= LEVELS[here]:
            findings.append(f"{path}: {here} (level {LEVELS[here]}) includes {there} (level {LEVELS[there]})")
        elif (here in READERS and there in WRITERS) or (here in WRITERS and there in READERS):
            findings.append(f"{path}: writers and readers of the trace do not include each other: {name}")
        elif here in ONLY and there not in ONLY[here]:
            findings.append(f"{path}: {here} does not see {there}")


def check_guard(path, text, findings):
    guard = re.sub(r"[^A-Za-z0-9]", "_", path).upper()
    if f"#ifndef {guard}\n#define {guard}\n" not in text:
        findings.append(f"{path}: the guard is not {guard}")


def check_lengths(path, text, findings):
    lines = text.split("\n")
    if len(lines) - 1 > FILE_LINES:
        findings.append(f"{path}: {len(lines) - 1} lines, at most {FILE_LINES}")
    start = None
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS and "http" not in line and path != "sim/trace/event.h":
            findings.append(f"{path}:{number}: {len(line)} columns, at most {COLUMNS}")
        if line == "{":
            start = number
        elif line == "}" and start:
            if number - start + 1 > FUNCTION_LINES:
                findings.append(f"{path}:{start}: a function of {number - start + 1} lines, at most {FUNCTION_LINES}")
            start = None


def check_calls(path, code, findings):
    banned = BANNED + (BANNED_IN_SIM if folder_of(path) in SIM else [])
    for number, line in enumerate(code.split("\n"), 1):
        for name in banned:
            if re.search(rf"(?<![\w.>]){name}\s*\(", line):
                findings.append(f"{path}:{number}: {name}() is not used here")
        if re.search(r"(?<![\w.>])(malloc|calloc|realloc)\s*\(", line) and path != "sim/base/memory.c":
            findings.append(f"{path}:{number}: memory comes from sim/base/memory.h")
        if re.search(r"\b(float|double)\b", line) and folder_of(path) in SIM | {"topologies"} \
                and path not in FLOATS:
            findings.append(f"{path}:{number}: no floating point in the simulation")


# cJSON hands numbers out as double; they are turned into whole numbers where they are read.
FLOATS = {"sim/json/shape_value.c", "sim/json/json_reader.c", "sim/json/json_reader.h", "sim/trace/jsonl.c"}


def check_words(path, text, findings):
    for number, line in enumerate(text.split("\n"), 1):
        if re.search(r"\b(TODO|FIXME|XXX)\b", line):
            findings.append(f"{path}:{number}: unfinished business")
        if re.search(r"\btypedef struct\b", line):
            findings.append(f"{path}:{number}: structs have no typedef")


def check_alone(root, headers, findings):
    flags = subprocess.run(["pkg-config", "--cflags", "sdl2", "cairo", "libcjson", "SDL2_ttf", "libgvc"],
                           capture_output=True, text=True).stdout.split()
    for header in headers:
        with tempfile.NamedTemporaryFile("w", suffix=".c") as file:
            file.write(f'#include "{header}"\nint alone;\n')
            file.flush()
            done = subprocess.run(["cc", "-std=c17", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror",
                                   "-fsyntax-only", "-I", root, *flags, file.name],
                                  capture_output=True, text=True)
        if done.returncode:
            findings.append(f"{header}: does not stand alone: {done.stderr.splitlines()[0]}")


def main():
    root = sys.argv[1]
    findings, headers = [], []
    for path in sources(root):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            text = file.read()
        check_includes(path, text, findings)
        check_lengths(path, text, findings)
        check_calls(path, without_comments(text), findings)
        check_words(path, text, findings)
        if path.endswith(".h"):
            check_guard(path, text, findings)
            headers.append(path)
    check_alone(root, headers, findings)
    print("\n".join(findings))
    print(f"{len(findings)} findings in {len(headers)} headers and their sources")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
