"""What runs by itself, and when (Europe/Paris). Tasks go by the state of the tables, so late or twice does no harm."""

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "generate-days": {"task": "marche.markets.tasks.generate_days", "schedule": crontab(minute="5", hour="*/6")},
    "close-days": {"task": "orders.tasks.close_due_days", "schedule": crontab()},
    "sweep-outbox": {"task": "marche.outbox.tasks.sweep", "schedule": crontab()},
    "forget-drafts": {"task": "orders.tasks.forget_drafts", "schedule": crontab(minute="40", hour="3")},
    "cancel-orders": {"task": "orders.tasks.cancel_due_orders", "schedule": crontab()},
    "cancel-unpaid": {"task": "orders.tasks.cancel_unpaid_orders", "schedule": crontab()},
    "replay-erasures": {"task": "orders.tasks.replay_erasures", "schedule": crontab()},
    "sweep-payments": {
        "task": "marche.payments.tasks.sweep",
        "schedule": crontab(),
        "options": {"expires": 55},  # seconds: while Stripe is silent one sweep waits, not all of an hour
    },
    "catch-up-events": {"task": "marche.payments.tasks.catch_up_all", "schedule": crontab(minute="*/10")},
    "transfer-due": {"task": "marche.payments.tasks.transfer_due", "schedule": crontab(minute="15")},
    "refresh-accounts": {
        "task": "marche.payments.tasks.refresh_all_accounts",
        "schedule": crontab(minute="20", hour="4"),
    },
    "compare-with-stripe": {
        "task": "marche.payments.tasks.compare_all_tills",
        "schedule": crontab(minute="30", hour="4"),
    },
    "compare-with-oscar": {"task": "orders.tasks.compare_with_oscar", "schedule": crontab(minute="50", hour="3")},
    "forget-codes": {"task": "marche.accounts.tasks.forget_codes", "schedule": crontab(minute="50")},
}
