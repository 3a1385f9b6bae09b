# SPDX-License-Identifier: GPL-3.0-or-later
"""Results as one HTML file that needs no network."""
import json
import os
import re
import subprocess

from bench.engines import TESSERA
from bench.table import base_of

HERE = os.path.dirname(os.path.abspath(__file__))


def _symbols():
    """{address: name} of the emulator's functions, which generated code calls."""
    try:
        said = subprocess.run(["nm", TESSERA], capture_output=True, text=True, check=False)
    except OSError:
        return {}
    found = re.findall(r"^([0-9a-f]+) [tT] (helper_\w+|gate_\w+)$", said.stdout, re.M)
    return {int(address, 16): name for address, name in found}


def _readable(text, base, size, symbols):
    """Addresses in the block as offsets, those of helpers as their names."""
    def name(match):
        address = int(match.group(0), 16)
        if base <= address < base + size:
            return f"+{address - base}"
        return symbols.get(address, match.group(0))

    return re.sub(r"(?<![$\w])0x[0-9a-f]{6,}\b", name, text)


def name_addresses(data):
    """Makes the blocks' host code readable, once."""
    symbols = _symbols()
    for block in data["blocks"]:
        for host in block["host"].values():
            base = host.pop("base", None)
            if base is not None:
                for line in host["code"]:
                    line[3] = _readable(line[3], base, host["bytes"], symbols)


def html(data):
    name_addresses(data)
    parts = {}
    for name in ("page.html", "page.css", "page.js"):
        with open(os.path.join(HERE, name), encoding="utf-8") as file:
            parts[name] = file.read()
    shown = {**data, "base": base_of(data)}
    # "</" must not end the script that holds the data.
    text = json.dumps(shown, separators=(",", ":")).replace("</", "<\\/")
    return (parts["page.html"].replace("{{css}}", parts["page.css"])
            .replace("{{js}}", parts["page.js"]).replace("{{data}}", text))
