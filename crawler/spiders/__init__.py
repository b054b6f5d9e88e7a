"""One short file for each portal."""
