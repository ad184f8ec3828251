"""dateline: who did what, where and when, and according to whom."""
