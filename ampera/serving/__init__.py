"""The production server behind `ampera run`: gunicorn on gevent, one worker a process, limits of time and size.

Only `cli.py` may be imported before `start.py` has patched the standard library: it starts that file.
"""
