"""What a worker has to do, as its broker sees it."""

from __future__ import annotations

import redis


def is_busy(url: str) -> bool:
    """Whether a task waits or is under way at the broker of this address.

    A task that was taken stands in no list until the worker has noted it: the worker has nothing to do only while it
    waits for the next one, and all three are read in one moment.
    """
    with redis.Redis.from_url(url) as broker, broker.pipeline(transaction=True) as moment:
        moment.llen("celery").hlen("unacked").client_list()
        queued, taken, clients = moment.execute()
    waits = any(client["cmd"] == "brpop" and "b" in client["flags"] for client in clients)
    return bool(queued or taken) or not waits
