"""Settings, logging, taxonomy and administrative units: what every other package may read."""
