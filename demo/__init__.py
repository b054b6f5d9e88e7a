"""Five replica portals on loopback and the command that crawls them."""
