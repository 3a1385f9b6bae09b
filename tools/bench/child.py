# SPDX-License-Identifier: GPL-3.0-or-later
"""A program as a child process: what it prints, and when."""
import ctypes
import os
import select
import signal
import subprocess
import time

PATIENCE = 180.0  # seconds of silence after which a guest counts as stuck


def _die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Child:
    """Starts a program with pipes; standard error is thrown away."""

    def __init__(self, command):
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            preexec_fn=_die_with_parent)
        self.text = ""

    def seconds(self):
        return time.monotonic() - self.started

    def cpu_seconds(self):
        """CPU time of all its threads until now."""
        clock = ctypes.c_int()
        error = ctypes.CDLL(None).clock_getcpuclockid(self.process.pid, ctypes.byref(clock))
        if error:
            raise OSError(error, os.strerror(error))
        return time.clock_gettime(clock.value)

    def send(self, text):
        try:
            self.process.stdin.write(text.encode())
            self.process.stdin.flush()
        except OSError:
            pass  # it has ended: the next wait says so

    def _read(self, deadline):
        """More output into self.text; False at its end, or when none has come in time."""
        left = deadline - time.monotonic()
        out = self.process.stdout
        if left <= 0 or not select.select([out], [], [], left)[0]:
            return False
        data = os.read(out.fileno(), 65536)
        self.text += data.decode("latin-1").replace("\r", "").replace("\0", "")
        return bool(data)

    def wait_for(self, text, patience=PATIENCE):
        """Consumes output through the text; what came before it, or None if it never comes."""
        searched = 0
        deadline = time.monotonic() + patience
        while True:
            at = self.text.find(text, max(0, searched - len(text)))
            if at >= 0:
                before = self.text[:at]
                self.text = self.text[at + len(text):]
                return before
            searched = len(self.text)
            if not self._read(deadline):
                return None

    def line(self, patience=PATIENCE):
        return self.wait_for("\n", patience)

    def end(self, gently=0.0):
        """Ends it: with SIGTERM if it is given some seconds to do what it does at the end."""
        if gently:
            self.process.terminate()
            try:
                self.process.wait(gently)
            except subprocess.TimeoutExpired:
                pass
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
