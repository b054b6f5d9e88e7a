"""How a portal stands: what its runs measured, what is usual for it, what has changed."""
