"""The walk through a portal: from its doors over its listings to its articles and their files."""
