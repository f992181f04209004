"""The simulated people: officers, clerks, applicants and everybody who only watches."""
