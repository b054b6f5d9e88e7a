"""The web face of gomtin; for now its health page."""
