# SPDX-License-Identifier: GPL-3.0-or-later
"""Bochs, which boots from disks and firmware only: guests are put on a CD with a boot loader."""
import glob
import os
import re
import shutil
import subprocess

FOLDER = "build/lab/bochs"
LOADER = ("/usr/lib/ISOLINUX/isolinux.bin", "/usr/lib/syslinux/modules/bios/ldlinux.c32")
CONFIGURATION = """\
display_library: term
memory: guest={memory}, host={memory}
ata0-master: type=cdrom, path={folder}/cd.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=/dev/fd/3
clock: sync=none
log: {folder}/log
panic: action=fatal
"""


def why_not():
    """What is missing; None if it can run."""
    if not shutil.which("bochs"):
        return "bochs is not installed"
    if not glob.glob("/usr/lib/*/bochs/plugins/libbx_term_gui.so"):
        return "without bochs-term it needs a screen"
    if not shutil.which("xorriso") or not all(map(os.path.exists, LOADER)):
        return "without xorriso and isolinux there is nothing for it to boot from"
    return None


def version():
    try:
        said = subprocess.run(["bochs", "--help"], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    found = re.search(r"Bochs x86 Emulator \S+", said.stdout + said.stderr)
    return found.group(0) if found else ""


def _write(name, text):
    with open(os.path.join(FOLDER, name), "w", encoding="utf-8") as file:
        file.write(text)


def _make_cd(guest):
    tree = os.path.join(FOLDER, "cd")
    os.makedirs(tree, exist_ok=True)
    for path in LOADER:
        shutil.copy(path, tree)
    shutil.copy(guest.kernel, os.path.join(tree, "kernel"))
    append = guest.append
    if guest.initrd:
        shutil.copy(guest.initrd, os.path.join(tree, "initrd"))
        append = f"initrd=initrd {append}"
    _write("cd/isolinux.cfg",
           f"default guest\nprompt 0\nlabel guest\n kernel kernel\n append {append}\n")
    made = subprocess.run(
        ["xorriso", "-as", "mkisofs", "-quiet", "-b", "isolinux.bin", "-c", "boot.cat",
         "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
         "-o", os.path.join(FOLDER, "cd.iso"), tree],
        capture_output=True, text=True, check=False)
    if made.returncode:
        raise OSError(f"xorriso: {made.stderr.strip()}")


def boot(guest):
    """The command that boots a guest from a CD made for it."""
    _make_cd(guest)
    _write("bochsrc", CONFIGURATION.format(folder=FOLDER, memory=guest.memory))
    _write("commands", "continue\n")  # Debian's has a debugger, which waits for this
    # The guest's screen goes nowhere, its serial port to where output is read.
    return ["sh", "-c", "TERM=dumb exec bochs -q -f $0/bochsrc -rc $0/commands 3>&1 >/dev/null",
            FOLDER]
