"""The ids of a run of calls, known to the caller and to the one who checks its work."""

TOP_BIT = 1 << 63


def action_ids(first: int, count: int) -> list[int]:
    """Unique as long as no other run lies within; each second one needs all 64 bits."""
    return [first + n | (TOP_BIT if n % 2 else 0) for n in range(count)]
