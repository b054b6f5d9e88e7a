"""Pure steps from a page to an article; no Scrapy, Celery or Redis in here."""
