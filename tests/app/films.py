#!/usr/bin/env python3
"""Films of a run, as ffprobe and ffmpeg read them; what is said without ffmpeg; and that nothing is
left of one that is broken off. Without ffmpeg most of it is skipped.
usage: films.py MAILFLOW ROOT"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

W, H = 480, 320
MAILFLOW, ROOT = os.path.abspath(sys.argv[1]), sys.argv[2]


def start(*words, **more):
    return subprocess.Popen([MAILFLOW, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)


def film(path, *words):
    done = start("run", "two-towns", "--format", "summary", "--size", f"{W}x{H}", "--panel", "map",
                 "--export", path, *words)
    err = done.communicate()[1]
    assert done.returncode == 0, err


def probe(path):
    out = subprocess.run(["ffprobe", "-v", "error", "-count_packets", "-select_streams", "v", "-show_entries",
                          "stream=codec_name,width,height,nb_read_packets,avg_frame_rate", "-of", "csv=p=0", path],
                         check=True, capture_output=True, text=True).stdout.strip().split(",")
    return out[0], int(out[1]), int(out[2]), out[3], int(out[4])


def pictures(path):
    """Two frames a second of it, as raw grey pixels."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-vf", "fps=2", "-f", "rawvideo", "-pix_fmt",
                          "gray", "-"], check=True, capture_output=True).stdout
    size = W * H
    assert len(raw) % size == 0, (path, len(raw))
    return [raw[i:i + size] for i in range(0, len(raw), size)]


def differs(a, b):
    return sum(abs(x - y) > 40 for x, y in zip(a, b))


def without_ffmpeg(folder):
    """Said before anything is drawn, and nothing is left."""
    empty = os.path.join(folder, "empty")
    os.mkdir(empty)
    done = start("run", "two-towns", "--format", "summary", "--export", f"{folder}/no.webm",
                 env={**os.environ, "PATH": empty})
    err = done.communicate()[1]
    assert done.returncode == 2 and b"ffmpeg, which is not installed here (apt install ffmpeg)" in err, err
    os.rmdir(empty)
    assert os.listdir(folder) == [], os.listdir(folder)


def broken_off(folder):
    done = start("run", "two-towns", "--format", "summary", "--export", f"{folder}/broken.webm")
    for _ in range(400):
        if any(name.startswith("broken.webm.") for name in os.listdir(folder)):
            break
        time.sleep(0.05)
    time.sleep(0.3)
    done.send_signal(signal.SIGTERM)
    err = done.communicate(timeout=60)[1]
    assert done.returncode != 0 and b"broken off" in err, (done.returncode, err)
    assert os.listdir(folder) == [], os.listdir(folder)


def main():
    with tempfile.TemporaryDirectory() as folder:
        without_ffmpeg(folder)
        if not shutil.which("ffmpeg"):
            print("skipped: no ffmpeg (apt install ffmpeg)")
            sys.exit(77)
        broken_off(folder)
        lengths = {}
        for name, codecs, start_at in (("a.webm", ("vp9", "vp8"), "0s"), ("b.webm", ("vp9", "vp8"), "10400ms"),
                                       ("b.gif", ("gif",), "10400ms"), ("b.mp4", ("h264",), "10400ms")):
            path = f"{folder}/{name}"
            film(path, "--at", start_at)
            codec, w, h, rate, packets = probe(path)
            assert codec in codecs and (w, h) == (W, H), (name, codec, w, h)
            frames = pictures(path)
            lengths[name] = len(frames)
            assert 5 < len(frames) < 2 * 125, (name, len(frames), rate, packets)
            assert differs(frames[0], frames[-1]) > 200, f"{name}: in the end it looks as at the start"
            changes = sum(differs(a, b) > 20 for a, b in zip(frames, frames[1:]))
            assert changes > len(frames) // 4, f"{name}: {changes} changes in {len(frames)} pictures"
        short = [lengths[name] for name in lengths if name[0] == "b"]
        assert max(short) - min(short) <= 2 and max(short) < lengths["a.webm"], lengths
        assert sorted(os.listdir(folder)) == sorted(lengths), "something was left beside them"
        print("ok", lengths)


main()
