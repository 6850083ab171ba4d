"""Chromium without a window, over its own pipe: enough of the DevTools protocol to open a file, press
keys and ask the page. There is no network in it: see `requests`."""
import json
import os
import select
import shutil
import subprocess
import tempfile

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", "--remote-debugging-pipe", "--host-resolver-rules=MAP * ~NOTFOUND"]

PATIENCE_S = 120


def find():
    """The program, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Chromium:
    """with Chromium() as browser: browser.open(path)"""

    def __init__(self, width=1280, height=800):
        self.width, self.height = width, height
        self.count = 0
        self.events = []

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="mailflow-chromium-")
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()
        # Chromium reads from 3 and writes to 4; sh puts them there.
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", 'exec 3<&%d 4>&%d; exec "$@"' % (to_read, from_write), "sh", find(),
             *FLAGS, "--user-data-dir=" + self.folder.name, "about:blank"],
            pass_fds=(to_read, from_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.pipe_in, self.pipe_out = os.fdopen(to_write, "wb", 0), os.fdopen(from_read, "rb")
        self.waiting = b""
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")
        self.size(self.width, self.height)
        return self

    def __exit__(self, *_):
        self.session = None
        try:
            self.call("Browser.close")
        except (OSError, EOFError):
            pass
        self.pipe_in.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.pipe_out.close()
        try:
            self.folder.cleanup()
        except OSError: # one of its processes still writes
            shutil.rmtree(self.folder.name, ignore_errors=True)

    def read(self):
        while b"\0" not in self.waiting:
            if not select.select([self.pipe_out], [], [], PATIENCE_S)[0]:
                raise EOFError("Chromium says nothing")
            piece = os.read(self.pipe_out.fileno(), 65536)
            if not piece:
                raise EOFError("Chromium has ended")
            self.waiting += piece
        line, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.pipe_in.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise RuntimeError(method + ": " + answer["error"]["message"])
                return answer["result"]
            self.events.append(answer)

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 700)

    def media(self, **features):
        """media(prefers_color_scheme="dark"), media(type="print")"""
        kind = features.pop("type", "")
        self.call("Emulation.setEmulatedMedia", media=kind, features=[
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def open(self, path, word=""):
        self.events.clear()
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url="file://" + os.path.abspath(path) + ("#" + word if word else ""))
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events) or \
                self.ask("document.readyState") != "complete" or self.ask("location.protocol") != "file:":
            self.call("Runtime.evaluate", expression="1")

    def ask(self, expression):
        """The value of an expression in the page; a promise is waited for."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"].get("exception", {}).get("description")))
        return result["result"].get("value")

    def press(self, key, shift=False):
        codes = {" ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
                 "Home": 36, "End": 35, "Tab": 9, "Enter": 13}
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=codes[key],
                      code="Space" if key == " " else key, modifiers=8 if shift else 0)

    def picture(self, path):
        import base64
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def requests(self):
        """What the page asked for besides itself."""
        sent = [e["params"]["request"]["url"] for e in self.events
                if e.get("method") == "Network.requestWillBeSent"]
        return [url for url in sent if not url.startswith("file://") or not url.split("#")[0].endswith(".html")]

    def complaints(self):
        """Exceptions, console errors and warnings, broken policies."""
        said = []
        for event in self.events:
            method, params = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                said.append(str(params["exceptionDetails"].get("exception", {}).get("description")))
            elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
                said.append(str(params["args"]))
            elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                said.append(params["entry"]["text"])
        return said
