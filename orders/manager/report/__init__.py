"""The report of a market day: what was ordered, handed over, taken and told, in tables that always agree.

- *ordered*: the lines of orders that are not cancelled, at the estimate (`amount_cents`, with tax);
- *missing*: those of them that a stall noted as missing when it handed over;
- *due*: ordered without missing;
- *taken*: what stalls noted as paid (`paid_cents`); the difference to what was due shows where a piece was weighed;
- *to pay*: what is due for parts that were handed over and not paid;
- *not handed over*: parts that are neither handed over nor cancelled.

A table is defined once (`tables.Table`), and page, CSV and XLSX read that definition, so they cannot differ. The
database adds up integer cents; where a table is made of sums (a rate of VAT, a kind of goods), the sums of one query
are added up again, so that no two tables disagree by a cent.
"""
