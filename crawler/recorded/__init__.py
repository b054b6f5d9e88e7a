"""Pages kept in files: a portal's recorded ones, with its spider file, and any saved page."""
