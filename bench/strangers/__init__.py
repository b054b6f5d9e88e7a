"""Looks of whole portals that belong to no family, served to a crawl that knows nothing of them."""
