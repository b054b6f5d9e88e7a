"""A look at an unknown site: a short, real crawl of it, and what is found good and wrong there."""
