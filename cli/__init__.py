"""The gomtin command."""
