"""`python -m dev.demo`: load the demo market into the database of DATABASE_URL."""

import os
import sys

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marche.settings")
    django.setup()
    # Models can be imported only now.
    from dev.demo.accounts import open_accounts
    from dev.demo.catalogue import DemoDataError
    from dev.demo.last_market import play_last_market
    from dev.demo.load import load

    try:
        market = load()
        play_last_market(market)
        open_accounts(market)
    except DemoDataError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
