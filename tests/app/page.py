"""Exported pages in a real browser with the network off: nothing is asked for, nothing complained about,
the end is what the summary says, hostile texts stay texts, keys and buttons work, all is named.
usage: page.py MAILFLOW ROOT. Status 77 (skipped) without Chromium."""
import json
import os
import re
import subprocess
import sys
import tempfile
import time

from chromium import Chromium, find

MAILFLOW, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
LESSONS = ("L01", "L09", "L20")
HOSTILE = ("<script>alert(1)</script>", "]]>", "</script><img src=x onerror=alert(1)>")
SIZE_MOST = 1_000_000  # octets of a page of 2,000 events
failures = []


def expect(is_so, what):
    if not is_so:
        failures.append(what)


def run(*arguments, said=None):
    done = subprocess.run([MAILFLOW, *arguments], cwd=ROOT, input=said, text=True, capture_output=True,
                          timeout=240, check=False)
    return done.stdout + done.stderr


def lesson_page(lesson, folder):
    """The lesson as its own solution takes it. Gives the page and the summary of the same run."""
    page, trace = (os.path.join(folder, lesson + end) for end in (".html", ".jsonl"))
    run("lesson", "play", lesson, "--work", os.path.join(folder, lesson + ".json"), "--export", page,
        "--export", trace, said=run("lesson", "solve", lesson))
    return page, run("replay", trace, "--format", "summary")


def fates(summary):
    """For each message of a summary: what became of its recipients, in words."""
    messages = {}
    for line in summary.split("\n\nResponsibility")[0].split("\n"):
        start = re.match(r"Message (\d+), ", line)
        if start:
            number = int(start.group(1))
            messages[number] = []
        elif line.startswith("  to "):
            messages[number].append(line)
    return messages


def check_end(browser, summary, name):
    """The states that the page shows at the end, against the summary."""
    states = browser.ask("[...document.querySelectorAll('#map-words [data-state]')].map(n => [n.dataset.state, n.textContent])")
    said = fates(summary)
    expect(len(states) == len(said), f"{name}: {len(states)} messages, the summary has {len(said)}")
    for number, (state, words) in enumerate(states, 1):
        lines = " ".join(said.get(number, []))
        fetched, delivered = "fetched by" in lines, "delivered into" in lines
        waits, given_up = "waits in a queue" in lines, "given up" in lines
        where = f"{name}: message {number} is {state!r} on the page ({words}), in the summary: {lines}"
        if state == "fetched":
            expect(fetched, where)
        if lines.count("  to ") != 1:
            continue  # of several recipients the page's state is that of the last event
        expect(state not in ("deferred", "queued", "trying") or waits, where)
        expect(not fetched or state == "fetched", where)
        expect(not delivered or fetched or state == "delivered", where)
        expect(not given_up or waits or state == "bounced", where)
        expect(waits == ("Held by" in words) or "on its way" in lines, where)
        received = re.search(r"(\d+) Received field", lines)
        if received and delivered and not fetched:
            expect(received.group(1) + " Received" in words, where)


def check_quiet(browser, name):
    expect(not browser.requests(), f"{name}: asked for {browser.requests()}")
    expect(not browser.complaints(), f"{name}: complained {browser.complaints()}")


NAMELESS = """[...document.querySelectorAll('button, select, input, [role=button], [tabindex="0"]')].filter(n =>
    !(n.getAttribute('aria-label') || n.getAttribute('aria-labelledby') || n.closest('label') || n.textContent.trim()))
    .map(n => n.outerHTML.slice(0, 80))"""
NO_LANDMARK = """[...document.querySelectorAll('main > section')].filter(n =>
    !document.getElementById(n.getAttribute('aria-labelledby'))?.textContent).length"""


def check_access(browser, name):
    expect(browser.ask(NAMELESS) == [], f"{name}: without a name {browser.ask(NAMELESS)}")
    expect(browser.ask(NO_LANDMARK) == 0, f"{name}: a section without a name")
    expect(browser.ask("document.getElementById('live').getAttribute('aria-live')") == "polite", f"{name}: no live region")
    expect(browser.ask("document.documentElement.lang") == "en", f"{name}: no language")


def event(browser):
    return int(browser.ask("document.body.dataset.event"))


def press_until(browser, key, is_so, shift=False):
    """Presses, and waits for what is to come of it: a glide takes its time. False after 20 seconds."""
    browser.press(key, shift)
    for _ in range(200):
        if browser.ask(is_so):
            return True
        time.sleep(0.1)
    return False


CURRENT = "document.querySelector('#event-list [aria-current]')"
SAID = "document.getElementById('said').textContent"
# The caption, the list and what is read aloud say the same.
IN_STEP = f"(w => w && w === {SAID} && document.getElementById('live').textContent.includes(w))({CURRENT}?.querySelector('span').textContent)"


def check_keys(browser, name):
    browser.ask("document.activeElement.blur()")
    browser.press("Home")
    start = event(browser)
    seen = [start]
    for _ in range(4):
        moved = press_until(browser, "ArrowRight", f"Number(document.body.dataset.event) > {seen[-1]} && {IN_STEP}")
        expect(moved, f"{name}: right arrow at event {seen[-1]}: {browser.ask(SAID)!r}")
        seen.append(event(browser))
    browser.press("ArrowLeft")
    expect(event(browser) == seen[-2], f"{name}: left arrow went to {event(browser)}, not {seen[-2]}")
    hop = f"Number(document.body.dataset.event) > {event(browser)} && {CURRENT}?.parentNode.classList.contains('hop')"
    expect(press_until(browser, "ArrowRight", hop, shift=True), f"{name}: Shift and right arrow found no hop")
    browser.press("End")
    last = event(browser)
    browser.press("ArrowUp")
    expect(event(browser) < last, f"{name}: up arrow did not go a turn back")
    browser.press("Home")
    expect(event(browser) == start, f"{name}: Home went to {event(browser)}")
    plays = f"Number(document.body.dataset.event) > {start} && document.getElementById('play').textContent === 'Pause'"
    expect(press_until(browser, " ", plays), f"{name}: Space does not play")
    browser.press(" ")
    paused = event(browser)
    time.sleep(0.5)
    expect(event(browser) == paused, f"{name}: Space does not pause")


def check_focus(browser, name):
    """Tab goes through everything that can be worked with, and shows where it is."""
    browser.ask("document.activeElement.blur()")
    seen = []
    for _ in range(60):
        browser.press("Tab")
        seen.append(browser.ask("(n => n.id || n.getAttribute('aria-label') || n.tagName)(document.activeElement)"))
        outline = browser.ask("""(n => getComputedStyle(n).outlineStyle !== 'none' || (c => c && getComputedStyle(c).strokeWidth === '4px')
            (n.querySelector('.card')))(document.activeElement)""")
        expect(outline or seen[-1] == "BODY", f"{name}: the focus on {seen[-1]} is not to be seen")
        if seen[-1] == "BODY":
            break
    for wanted in ("map-box", "line", "play", "event-next", "pace", "tab-words", "event-list"):
        expect(wanted in seen or wanted == "event-list", f"{name}: Tab does not come to {wanted}: {seen}")


def check_both_ways(browser, name):
    """The same moment looks the same whichever way it was reached."""
    look = "['map','map-words','letter','event-list'].map(id => document.getElementById(id).innerHTML).join()"
    count = browser.ask("JSON.parse(document.getElementById('data').textContent).events.length")
    browser.ask("document.getElementById('tab-words').click()")

    def look_at(*words):
        for word in words:
            browser.ask(f"location.hash === '#{word}' || new Promise(done => {{ addEventListener('hashchange', () => done(1), {{ once: true }}); location.hash = '{word}' }})")
        return browser.ask(look)
    for k in (count // 3, count // 2):
        expect(look_at("0", "last", k) == look_at("last", "0", k), f"{name}: event {k} depends on the way to it")


def check_lessons(browser, folder):
    for lesson in LESSONS:
        page, summary = lesson_page(lesson, folder)
        browser.open(page, "last")
        browser.ask("document.getElementById('tab-words').click()")
        check_end(browser, summary, lesson)
        title = browser.ask("document.getElementById('title').textContent")
        expect(title.startswith(lesson + ": "), f"{lesson}: the title is {title!r}")
        lesson_text = browser.ask("document.getElementById('lesson-text').textContent")
        points = re.search(r"(\d+) of (\d+) points", lesson_text)
        expect(points and points.group(1) == points.group(2), f"{lesson}: the outcome is missing")
        check_access(browser, lesson)
        check_quiet(browser, lesson)
    check_keys(browser, lesson)
    check_both_ways(browser, lesson)
    check_focus(browser, lesson)
    check_quiet(browser, lesson)


def check_hostile(browser, folder):
    for subject in HOSTILE:
        page = os.path.join(folder, "hostile.html")
        text = json.dumps(subject)
        run("run", "two-towns", "--do", f"send from=alice@example.com to=bob@example.org subject={text} body={text}",
            "--format", "summary", "--export", page)
        browser.open(page, "last")
        expect(browser.ask("document.scripts.length") == 2, f"{subject}: more scripts than two")
        expect(browser.ask("document.images.length") == 0, f"{subject}: became a picture")
        expect(subject in browser.ask("document.body.textContent"), f"{subject}: is not shown as text")
        expect(subject in browser.ask("document.getElementById('letter').textContent"), f"{subject}: is not in the header")
        check_quiet(browser, subject)


def check_sizes(folder):
    for name in sorted(os.listdir(os.path.join(ROOT, "topologies"))):
        if not name.endswith(".json") or name == "schema.json":
            continue
        page = os.path.join(folder, "page.html")
        said = run("run", "topologies/" + name, "--format", "summary", "--export", page)
        events, size = int(re.search(r"(\d+) events in", said).group(1)), os.path.getsize(page)
        expect(size * 2000 <= SIZE_MOST * max(events, 2000), f"{name}: {size} octets for {events} events")


def main():
    if not find():
        print("skipped: there is no Chromium (tools/install tools/packages-viewers.txt)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        check_sizes(folder)
        with Chromium() as browser:
            check_lessons(browser, folder)
            check_hostile(browser, folder)
    for failure in failures:
        print(failure)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


sys.exit(main())
