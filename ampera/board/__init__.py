"""What displays, tablets, desks and applicants see, live."""
