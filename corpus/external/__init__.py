"""The world outside: readers of foreign corpora, label tables."""
