"""Celery tasks and the clock that keeps the flow moving: scheduler, sweeper, relay."""
