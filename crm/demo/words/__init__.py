"""What the invented people are called, where they live, what they talk about."""
