"""The archive: one set of SQL tables, in SQLite or PostgreSQL, behind functions."""
