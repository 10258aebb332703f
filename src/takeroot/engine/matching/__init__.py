"""One assignment problem: people to places with seats, exactly, with prices and reasons."""
