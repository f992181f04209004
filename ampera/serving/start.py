"""Where `ampera run` continues in a process of its own, run by path so that nothing is imported before the patch."""

from gevent import monkey

monkey.patch_all()  # first: `ssl` and `socket` must not be loaded unpatched, and Flask loads both

from ampera.serving.server import serve  # noqa: E402

serve()
