"""Measures the pages on 10,000 to 1,000,000 companies: ./dev bench."""
