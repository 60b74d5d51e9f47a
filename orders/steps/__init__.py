"""Parts of verbs that several of them share, inside a transaction that the verb has opened."""
