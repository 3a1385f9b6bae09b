# SPDX-License-Identifier: GPL-3.0-or-later
"""Medians, spreads, ratios of paired runs. NaN-free: what cannot be said is None."""
import math
import statistics


def median(values):
    return statistics.median(values) if values else None


def spread(values):
    """How far the values lie from their median, at most, as a part of it."""
    middle = median(values)
    if not middle or len(values) < 2:
        return None
    return max(abs(v - middle) for v in values) / middle


def paired(of, to):
    """Ratios of runs of the same round: lists of seconds, None where a run failed."""
    return [a / b for a, b in zip(of, to) if a and b]


def geometric_mean(values):
    values = [v for v in values if v]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def part(a, b):
    return a / b if b else None


def per_kernel(data, of, to):
    """{kernel: ratios} of two engines, of the rounds that both came through."""
    found = {}
    for kernel in data["kernels"]:
        results = kernel["results"]
        if of in results and to in results:
            ratios = paired(results[of]["seconds"], _same_work(kernel, of, to))
            if ratios:
                found[kernel["name"]] = ratios
    return found


def _same_work(kernel, of, to):
    """The other engine's times; where the work was a tenth, those for a tenth."""
    results = kernel["results"]
    if results[of]["work"] != results[to]["work"]:
        factor = results[of]["work"] / results[to]["work"]
        middle = median([s for s in results[to]["seconds"] if s])
        return [middle * factor if middle else None] * len(results[of]["seconds"])
    return results[to]["seconds"]


def mean_ratio(data, of, to):
    """The geometric mean over kernels of the median ratio of two engines' times."""
    return geometric_mean([median(r) for r in per_kernel(data, of, to).values()])
