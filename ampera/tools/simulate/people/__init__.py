"""The simulated people: officers, clerks, applicants, and the clients that only listen."""
