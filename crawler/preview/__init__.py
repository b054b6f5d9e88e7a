"""A page beside the article that is made of it, for whoever writes or mends its rules."""
