"""The shipped network of 100 domains is, octet for octet, what its tool prints.
usage: make_internet.py ROOT"""
import pathlib
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
printed = subprocess.run([sys.executable, "-B", root / "tools/make-internet", "100"], check=True,
                         stdout=subprocess.PIPE, timeout=60).stdout
shipped = (root / "topologies/internet-100.json").read_bytes()
if printed != shipped:
    place = next((i for i, (a, b) in enumerate(zip(printed, shipped)) if a != b), min(len(printed), len(shipped)))
    sys.exit(f"topologies/internet-100.json is not what tools/make-internet 100 prints: line "
             f"{printed[:place].count(10) + 1}; make it anew")
