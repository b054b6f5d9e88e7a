"""From a fetched page, or a page's text, to a draft."""
