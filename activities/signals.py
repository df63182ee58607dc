"""What activities tell whoever has to follow; sent inside the transaction of the change."""

from django.dispatch import Signal

# activity: its row, its people and its times are as they are now. After every save, and whenever
# somebody was put on it, taken off it or has answered.
activity_written = Signal()
