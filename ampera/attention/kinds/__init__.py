"""The kinds of what needs a person. A new kind is a `Kind` in one of these modules and its name in `registry.py`."""
