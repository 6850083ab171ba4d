#!/bin/sh
# The window on a network that is served: it follows a message that a real program sends, takes one
# from the person, saves its picture, and a signal ends it with the trace kept.
# usage: serve_window.sh MAILFLOW ROOT. Status 77 (skipped) without Xvfb, xdotool or python3.
set -eu
mailflow=$1
root=$2
command -v Xvfb >/dev/null && command -v xdotool >/dev/null && command -v python3 >/dev/null || exit 77

folder=$(mktemp -d)
cleanup() {
    [ -z "${serve:-}" ] || kill "$serve" 2>/dev/null || true
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$folder/display" >/dev/null 2>&1 &
server=$!
for _ in $(seq 100); do
    [ -s "$folder/display" ] && break
    sleep 0.1
done
DISPLAY=:$(cat "$folder/display")
export DISPLAY SDL_FRAMEBUFFER_ACCELERATION=0
export XDG_CONFIG_HOME="$folder/config" XDG_STATE_HOME="$folder/state"
export LSAN_OPTIONS="${LSAN_OPTIONS:-suppressions=$root/tests/lsan.supp}"
unset WAYLAND_DISPLAY

cd "$folder"
"$mailflow" serve "$root/topologies/two-towns.json" --window --ports-file ports --export trace.jsonl --for 100 \
    >said 2>&1 &
serve=$!
for _ in $(seq 300); do
    [ -e ports ] && break
    sleep 0.1
done
[ -e ports ] || { echo "no ports" >&2; cat said >&2; exit 1; }
id=$(timeout 60 xdotool search --sync --onlyvisible --class mailflow | head -n 1)
[ -n "$id" ] || { echo "no window appeared" >&2; cat said >&2; exit 1; }
xdotool windowfocus "$id" 2>/dev/null || true

python3 -B - "$(awk '$1 == "submit:587" { print $2 }' ports)" <<'END'
import smtplib
import sys
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=60) as client:
    client.login("alice@example.com", "secret-alice")
    client.sendmail("alice@example.com", ["bob@example.org"], "From: alice@example.com\r\nSubject: seen live\r\n\r\nx\r\n")
END
sleep 2
xdotool key --window "$id" --delay 40 ctrl+p 2>/dev/null
sleep 1
kill -TERM "$serve"
status=0
wait "$serve" || status=$?
serve=
[ $status -eq 0 ] || { echo "status $status" >&2; cat said >&2; exit 1; }
ls ./*.png >/dev/null 2>&1 || { echo "Ctrl+P saved no picture" >&2; exit 1; }
"$mailflow" check trace.jsonl >&2
grep -q '"kind":"deliver"' trace.jsonl || { echo "nothing was delivered" >&2; exit 1; }
echo "served, watched, pictured, ended"
