# SPDX-License-Identifier: BSD-2-Clause
"""The few statistics there are."""


def percentile(values, share):
    """The smallest value that this share of them does not exceed; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def median(values):
    return percentile(values, 50)


def share(part, whole):
    return part / whole if whole else None
