"""A headless Chromium, driven through its debugging pipe with nothing but the standard library.

    with Browser("chromium") as browser:
        page = browser.page(width=1280, height=900)
        page.open("http://127.0.0.1:8101/")
        page.wait("document.body.dataset.ready === 'yes'")
        page.value("document.title")
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time


class Failure(Exception):
    """The browser refused something, or something did not happen in time."""


def find():
    """The browser's program, or None."""
    return next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)


class Browser:
    """One browser process with a profile of its own."""

    def __init__(self, program=None):
        self.profile = tempfile.mkdtemp(prefix="quota-chromium.")
        self.next_id = 0
        self.answers = {}
        self.events = []
        self.changed = threading.Condition()
        to_read, self.to = os.pipe()
        self.back, from_write = os.pipe()

        def place():
            # The browser reads commands from descriptor 3 and writes answers to 4.
            os.setsid()
            high_read, high_write = os.dup(to_read), os.dup(from_write)
            while high_read < 5 or high_write < 5:
                high_read, high_write = os.dup(high_read), os.dup(high_write)
            os.dup2(high_read, 3)
            os.dup2(high_write, 4)

        self.process = subprocess.Popen(
            [program or find(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--hide-scrollbars", f"--user-data-dir={self.profile}", "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, preexec_fn=place,
        )  # fmt: skip
        os.close(to_read)
        os.close(from_write)
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _listen(self):
        rest = b""
        while chunk := os.read(self.back, 1 << 16):
            *messages, rest = (rest + chunk).split(b"\0")
            with self.changed:
                for message in map(json.loads, messages):
                    if "id" in message:
                        self.answers[message["id"]] = message
                    else:
                        self.events.append(message)
                self.changed.notify_all()

    def call(self, method, session=None, **parameters):
        """Sends a command and gives its result."""
        with self.changed:
            self.next_id += 1
            number = self.next_id
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        with self.changed:
            if not self.changed.wait_for(lambda: number in self.answers, timeout=60):
                raise Failure(f"{method}: no answer")
            answer = self.answers.pop(number)
        if "error" in answer:
            raise Failure(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def page(self, width=1280, height=900, dark=False):
        """A new page in a context of its own: nothing is remembered from other pages."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, session, width, height, dark)


class Page:
    """One page of the browser."""

    def __init__(self, browser, session, width, height, dark):
        self.browser = browser
        self.session = session
        for domain in ["Page", "Runtime", "Log", "DOM"]:
            self.call(f"{domain}.enable")
        self.size(width, height, dark)

    def call(self, method, **parameters):
        return self.browser.call(method, session=self.session, **parameters)

    def size(self, width, height=900, dark=False):
        """Sets the window's width and height in pixels, and light or dark."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)

    def open(self, url):
        """Goes to an address; a new fragment alone loads nothing again."""
        error = self.call("Page.navigate", url=url).get("errorText")
        if error:
            raise Failure(f"{url}: {error}")

    def value(self, expression):
        """What an expression, or the promise that it gives, comes to."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            detail = result["exceptionDetails"]
            raise Failure(detail.get("exception", {}).get("description", detail["text"]))
        return result["result"].get("value")

    def wait(self, condition, seconds=60):
        """Waits until an expression is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.value(condition):
                    return
            except Failure:
                pass  # The page is just being replaced.
            time.sleep(0.05)
        raise Failure(f"not so within {seconds} s: {condition}")

    def files(self, selector, paths):
        """Chooses files in an input, as a reader would."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def screenshot(self, path):
        """The whole page as a picture."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def complaints(self):
        """What the page wrote to its console as an error, and what the browser refused."""
        found = []
        with self.browser.changed:
            events = [event for event in self.browser.events if event.get("sessionId") == self.session]
        for event in events:
            parameters = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                detail = parameters["exceptionDetails"]
                found.append(detail.get("exception", {}).get("description", detail["text"]))
            if event["method"] == "Log.entryAdded" and parameters["entry"]["level"] == "error":
                entry = parameters["entry"]
                found.append(f"{entry['text']} {entry.get('url', '')}")
        return found
