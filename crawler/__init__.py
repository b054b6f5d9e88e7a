"""Fetch portals politely and turn their pages into drafts in the inbox."""
