#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at a browser: browser.py URL WIDTHxHEIGHT [WORDS] opens the page in Chromium, waits until
noVNC shows a screen of that size, types (words, or a, Shift 1, Ctrl c, Up and a click in the middle)
and prints "typed"; then the screen's size and one of its pixels. Chromium is spoken to over two pipes, by its DevTools
protocol."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

PATIENCE = 100  # seconds

LOOK = """(() => {
    const canvas = document.querySelector('canvas');
    if (!canvas) return '';
    const pixel = canvas.getContext('2d').getImageData(100, 37, 1, 1).data;
    return canvas.width + 'x' + canvas.height + ' ' + pixel[0] + ',' + pixel[1] + ',' + pixel[2];
})()"""


MIDDLE = """(() => {
    const r = document.querySelector('canvas').getBoundingClientRect();
    return Math.ceil((r.left + r.right) / 2) + ' ' + Math.ceil((r.top + r.bottom) / 2);
})()"""


class Browser:
    """Chromium, which reads commands from its descriptor 3 and answers on 4."""

    def __init__(self, folder):
        low = os.pipe() + os.pipe()
        from_us, self.to, self.answers, to_us = [
            fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in low]
        for fd in low:
            os.close(fd)
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
                   "--disable-dev-shm-usage", "--remote-debugging-pipe",
                   "--user-data-dir=" + folder, "about:blank"]

        def arrange():
            os.dup2(from_us, 3)
            os.dup2(to_us, 4)

        self.process = subprocess.Popen(command, close_fds=False, preexec_fn=arrange,
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(from_us)
        os.close(to_us)
        self.pending = b""
        self.number = 0
        self.session = None

    def message(self):
        while b"\0" not in self.pending:
            more = os.read(self.answers, 65536)
            if not more:
                sys.exit("chromium has ended")
            self.pending += more
        text, self.pending = self.pending.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **parameters):
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.to, json.dumps(command).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                return answer

    def do(self, method, **parameters):
        answer = self.ask(method, **parameters)
        if "error" in answer:
            sys.exit("%s: %s" % (method, answer["error"]))
        return answer["result"]

    def evaluate(self, expression):
        """None, too, while one page goes and another comes."""
        answer = self.ask("Runtime.evaluate", expression=expression)
        return answer.get("result", {}).get("result", {}).get("value")

    def open(self, url):
        target = self.do("Target.createTarget", url=url)["targetId"]
        self.session = self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def key(self, kind, key, code, number, modifiers=0, text=""):
        self.do("Input.dispatchKeyEvent", type=kind, key=key, code=code, text=text,
                windowsVirtualKeyCode=number, modifiers=modifiers)

    def click(self, x, y):
        for kind, button, held in (("mouseMoved", "none", 0), ("mousePressed", "left", 1),
                                   ("mouseReleased", "left", 0)):
            self.do("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, buttons=held,
                    clickCount=1 if button == "left" else 0)

    def press(self, key, code, number, modifiers=0):
        self.key("rawKeyDown", key, code, number, modifiers)
        self.key("keyUp", key, code, number, modifiers)


def look_until(browser, size, may_be_black):
    until = time.monotonic() + PATIENCE
    seen = ""
    while time.monotonic() < until:
        seen = browser.evaluate(LOOK) or ""
        if seen.startswith(size + " ") and (may_be_black or not seen.endswith(" 0,0,0")):
            return seen
        time.sleep(0.1)
    sys.exit("the page shows '%s', not %s" % (seen, size))


def type_words(browser, words):
    for letter in words:
        browser.press(letter, "Key" + letter.upper(), ord(letter.upper()))
    browser.press("Enter", "Enter", 13)


def type_something(browser):
    ctrl, shift = 2, 8
    browser.press("a", "KeyA", 65)
    browser.key("rawKeyDown", "Shift", "ShiftLeft", 16, shift)
    browser.press("!", "Digit1", 49, shift)
    browser.key("keyUp", "Shift", "ShiftLeft", 16)
    browser.key("rawKeyDown", "Control", "ControlLeft", 17, ctrl)
    browser.press("c", "KeyC", 67, ctrl)
    browser.key("keyUp", "Control", "ControlLeft", 17)
    browser.press("ArrowUp", "ArrowUp", 38)
    browser.click(*(float(word) for word in browser.evaluate(MIDDLE).split()))


def main():
    url, size, *words = sys.argv[1:]
    folder = tempfile.mkdtemp(prefix="tessera-browser-")
    browser = Browser(folder)
    try:
        browser.open(url)
        seen = look_until(browser, size, bool(words))
        if words:
            type_words(browser, words[0])
        else:
            type_something(browser)
        print("typed", flush=True)
        print(seen, flush=True)
    finally:
        browser.process.kill()
        browser.process.wait()
        shutil.rmtree(folder, ignore_errors=True)


main()
