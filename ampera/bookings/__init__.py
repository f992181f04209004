"""What applicants announce: the slot in which they come, and the person who collects."""
