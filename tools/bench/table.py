# SPDX-License-Identifier: GPL-3.0-or-later
"""Results as text: what is printed, and the results page that is kept in the tree."""
import re

from bench.numbers import geometric_mean, mean_ratio, median, part, per_kernel, spread

BY_HAND = "Written by hand:"  # the line in a results page below which all is kept
BASE = ("native", "qemu-user", "qemu", "before")  # what times are multiples of: the first that is there


def base_of(data):
    ran = {e for k in data["kernels"] for e in k["results"]}
    return next((b for b in BASE if b in ran), min(ran, default=None))


def columns_of(rows):
    """Rows of cells, aligned: the first two columns to the left, the others to the right."""
    widths = [max(len(row[i]) if i < len(row) else 0 for row in rows)
              for i in range(max(map(len, rows)))]
    return [" ".join(cell.ljust(widths[i]) if i < 2 else cell.rjust(widths[i] + 1)
                     for i, cell in enumerate(row)).rstrip() for row in rows]


def number(value, digits=2, unit=""):
    return "-" if value is None else f"{value:.{digits}f}{unit}"


def with_spread(values):
    """A median, and how far runs were from it."""
    middle, around = median(values), spread(values)
    if middle is None:
        return "-"
    digits = 1 if middle >= 100 else 2
    return f"{middle:.{digits}f}x" + (f" ±{100 * around:2.0f}%" if around is not None else "")


def _ran(data):
    return [e for e in data["engines"] if any(e["id"] in k["results"] for k in data["kernels"])]


def kernel_table(data):
    base = base_of(data)
    others = [e for e in _ran(data) if e["id"] != base]
    if not base:
        return []
    base_name = next(e["name"] for e in data["engines"] if e["id"] == base)
    ratios = {e["id"]: per_kernel(data, e["id"], base) for e in others}
    rows = [["kernel", "stresses", f"{base_name} s"] + [e["name"] for e in others]]
    group = None
    for kernel in data["kernels"]:
        if kernel["group"] != group:
            group = kernel["group"]
            rows.append([f"-- {group}", ""])
        seconds = [s for s in kernel["results"].get(base, {}).get("seconds", []) if s]
        rows.append([kernel["name"], kernel["about"], number(median(seconds), 3)]
                    + [with_spread(ratios[e["id"]].get(kernel["name"], [])) for e in others])
    rows.append(["geometric mean", "", ""]
                + [number(mean_ratio(data, e["id"], base), 2, "x") for e in others])
    return [f"Times as multiples of {base_name}'s: medians of paired runs, and how far runs lay "
            "from them."] + columns_of(rows)


def speed_lines(data):
    """How often each engine is as fast as QEMU's system emulation."""
    lines = []
    for engine in _ran(data):
        if engine["id"] in ("native", "qemu"):
            continue
        speed = mean_ratio(data, "qemu", engine["id"])
        if speed:
            slower = [name for name, r in per_kernel(data, "qemu", engine["id"]).items()
                      if median(r) < 1]
            lines.append(f"{engine['name']}: {speed:.2f} times as fast as QEMU system"
                         + (f"; slower at {', '.join(slower)}" if 0 < len(slower) < 8 else ""))
    return lines


def quote(text, data):
    """A text that quotes lines of earlier results, indented, with those of these."""
    for line in speed_lines(data):
        name = re.escape(line.partition(":")[0])
        text = re.sub(rf"^    {name}: [\d.]+ times as fast as QEMU system.*$", f"    {line}", text,
                      flags=re.M)
    return text


def workload_table(data):
    ran = [e for e in data["engines"] if any(e["id"] in w["results"] for w in data["workloads"])]
    if not ran:
        return []
    rows = [["workload", "", ] + [e["name"] for e in ran]]
    for workload in data["workloads"]:
        if not workload["results"]:
            continue
        cells = []
        for engine in ran:
            seconds = [s for s in workload["results"].get(engine["id"], {}).get("seconds", [])
                       if s]
            around = spread(seconds)
            cells.append(number(median(seconds), 2, " s")
                         + (f" ±{100 * around:2.0f}%" if around is not None else ""))
        rows.append([workload["name"], workload["about"]] + cells)
    for idle, name in (("idle", "idle"), ("idle_dos", "idle FreeDOS"), ("idle_debian", "idle Debian")):
        if data.get(idle):
            rows.append([name, "share of a host core"]
                        + [number(percent(data[idle].get(e["id"]), 1), 1, " %") for e in ran])
    return ["Whole workloads, by the host's clock."] + columns_of(rows)


def cost_table(data):
    costs = data.get("costs", [])
    ran = [e for e in data["engines"] if any(e["id"] in c["results"] for c in costs)]
    if not ran:
        return []
    rows = [["going back", ""] + [e["name"] for e in ran]]
    for cost in costs:
        values = [cost["results"].get(e["id"], []) for e in ran]
        rows.append([cost["name"], cost["about"]]
                    + [number(median(v), 3 if cost["unit"] == "s" else 1, f" {cost['unit']}")
                       for v in values])
    return ["Snapshots; counted and recorded runs."] + columns_of(rows)


def _host(quality, engine, of="executed"):
    """Host instructions (or loads, stores) an executed guest instruction."""
    side = busy_side(quality)
    host = side["host"].get(engine)
    return part(host[of], side["covered"]) if host else None


def busy_side(quality):
    """The counts of the privilege that is of interest."""
    return quality[quality["side"]]


def host_engines(data):
    found = []
    for quality in data["quality"]:
        found += [e for e in quality["user"]["host"] if e not in found]
    return found


WEIGHED = ("executed", "executed_loads", "executed_stores")


def _slashed(values, digits=2):
    return " / ".join(number(v, digits) for v in values)


def _rate(part_of_it, count):
    """A percentage, of what happened often enough for one."""
    return number(percent(part_of_it, count), 1, "%") if count >= 1000 else "-"


def _quality_row(quality, engines):
    side = busy_side(quality)
    guest, chains, cache = side["guest"], side["chains"], side["jump_cache"]
    stored = guest["flags_stored"] + guest["flags_late"]
    return ([quality["name"], ""]
            + [_slashed(_host(quality, e, of) for e in engines) for of in WEIGHED]
            + [_slashed((part(side["host"][e]["bytes"], side["covered_bytes"])
                         for e in engines), 1),
               f"{number(percent(guest['flags_stored'], guest['flags_set']), 0)}"
               f"..{number(percent(stored, guest['flags_set']), 0)}%",
               _rate(chains["taken"], chains["jumps"]),
               _rate(cache["hits"], cache["lookups"])])


def quality_table(data):
    engines = host_engines(data)
    if not engines:
        return []
    rows = [["code of", "", "insns", "loads", "stores", "bytes", "flags stored", "chained",
             "cache hits"]]
    rows += [_quality_row(quality, engines) for quality in data["quality"]]
    rows.append(["geometric mean", ""]
                + [_slashed(geometric_mean([_host(q, e, of) for q in data["quality"]])
                            for e in engines) for of in WEIGHED])
    return [f"Code quality, {' / '.join(engines)}: host instructions, loads and stores executed "
            "for one instruction of the guest's,",
            "bytes of host code for one of the guest's; of flags that were computed how many were "
            "stored, at once and at most;",
            "jumps chained, lookups in the jump cache that hit."] + columns_of(rows)


def percent(a, b):
    value = None if a is None else part(a, b)
    return None if value is None else 100 * value


def translation_of(data, engine):
    """Nanoseconds and bytes of code for one guest instruction translated; None if not known."""
    runs = [r["translation"] for r in data["runs"].get(engine, []) if r["translation"]["insns"]]
    if not runs:
        return None
    return {"ns": median([r["nanoseconds"] / r["insns"] for r in runs]),
            "bytes": median([r["code_bytes"] / r["insns"] for r in runs]),
            "seconds": median([r["nanoseconds"] * 1e-9 for r in runs])}


def translation_table(data):
    rows = [["engine", "", "ns an insn", "bytes an insn", "code", "helpers", "translation",
             "loop"]]
    for engine in data["engines"]:
        cost, share = translation_of(data, engine["id"]), data["shares"].get(engine["id"])
        if not cost and not share:
            continue
        every = sum(share.values()) if share else 0
        rows.append([engine["name"], ""]
                    + ([number(cost["ns"], 0), number(cost["bytes"], 1)] if cost else ["-", "-"])
                    + [number(percent(share[a], every), 1, "%") if share else "-"
                       for a in ("code", "helpers", "translation", "loop")])
    if len(rows) == 1:
        return []
    return ["Translation, for each guest instruction translated; and where the time of Linux's "
            "start goes."] + columns_of(rows)


def report(data):
    """All of it, as lines."""
    lines = []
    for section in (kernel_table(data), speed_lines(data), workload_table(data),
                    cost_table(data), quality_table(data), translation_table(data)):
        if section:
            lines += [""] + section
    for engine, why in data["left_out"].items():
        lines += [f"left out: {engine}: {why}"]
    lines += [f"FAILED: {failure}" for failure in data["failures"]]
    lines += [f"WRONG: {wrong}" for wrong in data["wrong"]]
    return lines


def results_page(data, earlier=""):
    """The page for the tree; what an earlier one has below the mark comes there again."""
    m, v = data["machine"], data["versions"]
    made_by = {"ppce500": "make lab-ppc"}.get(data["settings"].get("machine"), "make lab")
    head = ["Results", "=======", "",
            f"Made by `{made_by}` down to the line \"{BY_HAND}\": do not edit that.",
            "How it is measured: tools/bench/README.", "",
            f"    date      {data['date']}",
            f"    machine   {m['cpu']}, {m['cpus']} cpus, {m['memory_gib']} GiB, {m['kernel']}",
            f"    load      {m['load_before']} before, {m['load_after']} after (one process is 1)"]
    head += [f"    {name:9} {text}" for name, text in v.items()]
    head += [f"    rounds    {data['settings']['rounds']}, "
             f"work {data['settings']['scale']} %"]
    _, mark, kept = earlier.partition(f"\n{BY_HAND}\n")
    return "\n".join(head + report(data)) + "\n" + mark + kept
