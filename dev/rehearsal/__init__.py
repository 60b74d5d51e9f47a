"""`make rehearsal`: a whole week of the demo market over HTTP, then an audit of the books.

A stage (stage.py) is set up with everything that serves a town: PostgreSQL, Valkey, gunicorn, a Celery worker, beat and
a mail server, on a database that is thrown away afterwards. On it a week is played (opening.py, week.py): producers
list, residents order all at once (journey.py), the window closes, summaries arrive, the manager looks. The audit
(audit.py, audit_mails.py) then reads the tables and the mails without the project's own code, and tells every
difference. What the programs logged and the mails that came stay in var/rehearsal until the next time.

    ORDERS=230   how many residents come (12 to 9,999)
    SEED=1       the residents' dice: the same seed gives the same people with the same wishes
    CLIENTS=16   how many of them are busy at once
"""
