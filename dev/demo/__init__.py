"""The demo market: what a Saturday in Beauvais looks like. People and farms are invented, the goods are true to life.

`data/` holds one file per producer, `market.toml` the market; `python -m dev.demo` loads them.
"""
