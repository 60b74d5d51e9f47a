"""A stock Oscar, as its documentation sets one up: nothing forked, nothing subclassed, its own templates."""
