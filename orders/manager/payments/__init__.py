"""The payments by card of a market, for its manager: what does not add up, and what the days came to.

Each kind of finding is looked for by one query, whatever its age. Something that is being asked of Stripe right now is
none: it becomes one when it was refused, or when it has waited for `PATIENCE`.
"""
