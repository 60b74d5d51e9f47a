"""`make rehearsal PAY=online`: half of the residents pay by card, at the fake Stripe, and everything that follows.

Each resident's way is dealt out beforehand (ways.py): most pay, some after a card was declined or with 3-D Secure, some
close the tab right after paying; a tenth do not pay: they leave the page, cancel, or choose the stalls after all. They
go through the site's own pages and Stripe's page, as a browser does (payer.py). Some of Stripe's events come twice, or
never.

After the cutoff the producers prepare (bench.py): they weigh, also what is heavier than was announced, take lines off,
set aside fewer than were ordered, and leave a few orders as they are; the manager cancels and takes lines off. Cards
are charged when the market is over and nothing can be corrected any more. Then come transfers, refunds, reversals, one
of which is refused and becomes a debt, and disputes (evening.py).

**How time passes.** Nobody waits for Thursday: the rehearsal moves the times that stand in the tables, never the clock
of the site (opening.py, week.py and market_day.py of the week itself). Time that Stripe keeps is moved by the fake's
verb `advance`, with the same step in our tables: so that the pages of those who did not pay expire on both sides. It is
done once, after the cutoff, for a Stripe that is ahead of us opens no page any more.

What each resident was told to pay and what was done to each part is noted while it is played (deeds.py). From that,
and from what was ordered, every capture, refund, transfer and reversal is reckoned anew (reckoning.py), and compared
with what Stripe has and with our ledger, to the cent (audit.py).
"""
