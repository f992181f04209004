"""What applicants see of their visit on their own phones, live and without a network."""
