"""Full text search: the words of articles and queries, and the passages that answer."""
