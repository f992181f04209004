"""Calls for a supervisor: an officer calls, a supervisor takes the call and decides."""
