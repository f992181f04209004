"""The production server behind `ampera run`: gunicorn on gevent, one worker a process, limits of time and size.

Only `cli.py` may be imported before `start.py` patches the standard library, because `cli.py` starts that file.
"""
