"""Where producers keep their sheets and offers."""
