"""Tools that belong to no app: money, names, telephone numbers, texts, downloads."""
