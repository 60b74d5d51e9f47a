"""`make rehearsal`: a whole week of the demo market over HTTP, market day included, then an audit of the books.

A stage (stage.py) is set up with everything that serves a town: PostgreSQL, Valkey, gunicorn, a Celery worker, beat and
a mail server, on a database that is thrown away afterwards. On it a week is played (opening.py, week.py): producers
list, residents order all at once (journey.py), the window closes, summaries arrive. The manager takes lines off orders,
before the cutoff and after it, and prolongs the day once it has closed: some more residents order, and it closes again
(decisions.py). Then comes the market day (market_day.py): telephones at all stalls (stalls.py, phones.py) hand over,
now and then fewer than were ordered, and note payments as it was dealt out beforehand (errands.py), while the manager
reads the report again and again (patrol.py). Afterwards the same is played on another clock: at La Réunion.

The audit (audit*.py) then reads the tables and the mails without the project's own code, and tells every difference.
The report has two witnesses (facts.py): the tables, and what those who played the day noted themselves. From each of
them every figure is reckoned anew (reckoning.py) and compared with what the manager reads, as page, CSV and XLSX
(sheets.py). What the programs logged and the mails that came stay in var/rehearsal until the next time.

    ORDERS=230   how many residents come (12 to 9,999)
    SEED=1       the residents' dice: the same seed gives the same people with the same wishes
    CLIENTS=16   how many of them are busy at once
    PAY=online   half of them pay by card, at a fake Stripe (see cards/); unset, everything is paid at the stalls
"""
