"""Two kinds of CustomerRecord that no product has: installed for the tests that ask for `kinds`."""
