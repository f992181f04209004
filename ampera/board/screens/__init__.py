"""The office's screens: enrolment, what each shows, and whether it keeps up."""
