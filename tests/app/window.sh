#!/bin/sh
# The real window, driven with keys and mouse on a display of its own: it opens, plays, steps both
# ways, takes a message through the compose form, saves its picture, and ends by key.
# usage: window.sh MAILFLOW ROOT. Status 77 (skipped) without Xvfb or xdotool.
set -eu
mailflow=$1
root=$2
command -v Xvfb >/dev/null && command -v xdotool >/dev/null || exit 77

folder=$(mktemp -d)
display=
cleanup() {
    [ -z "${window:-}" ] || kill "$window" 2>/dev/null || true
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
display=:$(cat "$folder/display")
export DISPLAY="$display" SDL_FRAMEBUFFER_ACCELERATION=0
export XDG_CONFIG_HOME="$folder/config" XDG_STATE_HOME="$folder/state"
unset WAYLAND_DISPLAY

cd "$folder"
timeout 120 "$mailflow" open "$root/topologies/two-towns.json" >"$folder/said" 2>&1 &
window=$!
id=$(timeout 60 xdotool search --sync --onlyvisible --class mailflow | head -n 1)
[ -n "$id" ] || { echo "no window appeared" >&2; cat "$folder/said" >&2; exit 1; }
xdotool windowfocus "$id" 2>/dev/null || true
press() { xdotool key --window "$id" --delay 40 "$@" 2>/dev/null; sleep 0.2; }

sleep 1
press Right Right Right Left shift+Right shift+Left
press space
sleep 1
press space
press question
press Escape
press t t t
press End
press m
xdotool type --window "$id" --delay 20 "Seen"
press Escape
xdotool mousemove 60 760 click 1
sleep 1
xdotool mousemove 500 724 mousedown 1 mousemove 900 724 mouseup 1
sleep 0.5
press ctrl+p
sleep 1
press q || true # the window may be gone before its key is up again
for _ in $(seq 100); do
    kill -0 "$window" 2>/dev/null || break
    sleep 0.1
done
if kill -0 "$window" 2>/dev/null; then
    echo "q did not end it" >&2
    exit 1
fi
status=0
wait "$window" || status=$?
window=
[ $status -eq 0 ] || { echo "status $status" >&2; cat "$folder/said" >&2; exit 1; }
ls "$folder"/*.png >/dev/null 2>&1 || { echo "Ctrl+P saved no picture" >&2; ls "$folder" >&2; exit 1; }
echo "opened, driven, pictured, ended"
