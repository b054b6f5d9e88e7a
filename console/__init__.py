"""The web face of gomtin: pages for people, JSON and a feed for programs; nothing is changed."""
