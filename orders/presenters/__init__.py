"""What pages, mails and documents show, read and put into words; nothing here writes."""
