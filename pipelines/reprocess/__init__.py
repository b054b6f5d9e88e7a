"""A whole archive once more by today's rules: its texts, stories, labels, word index and models."""
