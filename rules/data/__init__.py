"""DAT: the data itself: backup, integrity, retention."""
