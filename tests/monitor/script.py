# SPDX-License-Identifier: GPL-3.0-or-later
"""-script: script.py PROGRAM TEST. Those in scripts/ are the README's examples."""
import os
import subprocess
import tempfile

from machine import ECHO, PATIENCE, boot_sector, run

# Hides the cursor, which would blink, writes #, and then does as ECHO.
QUIET = bytes.fromhex("b401b90020cd10" "b8230ebb0700cd10") + ECHO
SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scripts")


def play(program, script, *options):
    """Runs it in a folder of its own; status, standard output, standard error."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "floppy.img"), "wb") as f:
            f.write(boot_sector(QUIET).ljust(1440 * 1024, b"\0"))
        if "\n" in script:
            with open(os.path.join(folder, "script"), "w") as f:
                f.write(script)
            script = "script"
        else:
            script = os.path.join(SCRIPTS, script)
        done = subprocess.run([os.path.abspath(program), "-display", "none", "-m", "16",
                               "-script", script, *options], cwd=folder, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, capture_output=True)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode()


def the_serial_line_is_spoken_to(program):
    status, out, err = play(program, "serial.txt")
    assert (status, err) == (3, ""), (status, out, err)
    assert "this list" in out


def the_screen_is_compared(program):
    got = play(program, "screen.txt", "-serial", "null", "-fda", "floppy.img", "-snapshot")
    assert got == (0, "VM status: running\n", ""), got


def another_picture_is_none(program):
    status, _, err = play(program, "wait screen 60 #\nscreendump a.png\nsystem_reset\nsleep 0\n"
                          "stop\ncompare a.png\n",
                          "-serial", "null", "-fda", "floppy.img", "-snapshot")
    assert status == 1 and "script:6: a.png: " in err, (status, err)


def snapshots_go_back(program):
    status, out, err = play(program, "snapshot.txt", "-snapshot-dir", ".")
    assert (status, err) == (0, ""), (status, out, err)


def media_are_changed(program):
    """It boots from the one, and after a reset from the other."""
    script = "wait screen 60 #\nchange floppy0 none.img\nexit 0\n"
    status, _, err = play(program, script, "-serial", "null", "-fda", "floppy.img")
    assert status == 1 and "script:2: " in err and "none.img" in err, (status, err)
    script = ("wait screen 60 #\neject floppy0\nsystem_reset\nwait screen 60 No bootable\n"
              "change floppy0 floppy.img\nsystem_reset\nwait screen 60 #\nexit 7\n")
    got = play(program, script, "-serial", "null", "-fda", "floppy.img")
    assert got == (7, "", ""), got


def what_does_not_come_fails(program):
    for line, what in (("wait screen 0.5 bogus", "has not come on the screen"),
                       ("wait serial 0.5 bogus", "has not come on the serial line"),
                       ("wait", "usage"), ("wait screen x y", "seconds"), ("bogus", "no such"),
                       ("exit x", "status"), ("compare bogus.png", "bogus.png"),
                       ("screendump a/b", "a/b"), ("stop\nsleep 1", "stopped"),
                       ("sleep 1e99", "seconds")):
        status, _, err = play(program, "# a comment\n\n" + line + "\n")
        number = 3 + line.count("\n")
        assert status == 1 and err.startswith("tessera: script:%d: " % number), (line, err)
        assert what in err and err.count("\n") == 1, (line, err)


def a_guest_that_ends_first_is_a_failure(program):
    status, _, err = play(program, "quit\nsleep 1000\n")
    assert status == 1 and "ended" in err, (status, err)


def an_end_without_exit_is_0(program):
    assert play(program, "info version\n")[0] == 0


def files_that_are_none_are_refused(program):
    for name in ("/nonexistent", "/", "/dev/zero"):
        done = subprocess.run([program, "-display", "none", "-script", name],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
        assert done.returncode == 1 and done.stderr.count(b"\n") == 1, (name, done)


run(globals())
