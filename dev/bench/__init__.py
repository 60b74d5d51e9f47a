"""`make bench`: our pages and orders beside a stock Oscar's and a bare Django view's, in one run on one machine.

What is compared, and how to read it, stands in docs/performance.md.
"""

SEARCHED = "carotte"  # what is looked for in both shops

# The rows of the table. "day-large" has as many goods as --goods says, 700 if nothing is said.
PAGES = (
    "home",
    "day-120",
    "day-120-basket",
    "day-large",
    "stall",
    "product",
    "search",
    "basket",
    "contact",
    "add-to-basket",
    "producer-grid",
    "manager-day",
    "manager-report",
)
