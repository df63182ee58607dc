"""Two or more contacts become one, and can be parted again for a while (B39)."""
