"""What the alarm clock does for imports. Every task may run twice, late, or on two workers."""

from celery import shared_task

from crm.exchange.actions import forget_old_imports


@shared_task
def forget_imports() -> None:
    """Hourly: files and ledgers that nothing can be undone with any more."""
    forget_old_imports()
