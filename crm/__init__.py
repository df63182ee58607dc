"""Bottega: the project package."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
