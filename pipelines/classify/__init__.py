"""What an article is about: topic, kind of event, level of government."""
