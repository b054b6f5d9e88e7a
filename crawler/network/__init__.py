"""What a crawl may ask and how: addresses, connections under guard, politeness, answers."""
