"""A Stripe that moves no money: for tests, for rehearsals and for `make run`, on loopback.

It answers the calls that online payment makes, by Stripe's published rules and by the types of its SDK: what does not
conform is refused. A fake proves our logic, not Stripe's.
"""

from dev.fakestripe.fake import API_KEY, SECRET, FakeStripe

__all__ = ["API_KEY", "SECRET", "FakeStripe"]
