"""The anonymous satisfaction survey (PermenPANRB 14/2017): its questions, counters and pages."""
