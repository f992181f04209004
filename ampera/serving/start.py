"""The server process of `ampera run`. It is started by path, so that nothing is imported before gevent's patch."""

from gevent import monkey

monkey.patch_all()  # first: `ssl` and `socket` must not be loaded unpatched, and Flask loads both

from ampera.serving import unused_imports  # noqa: E402

with unused_imports.without(unused_imports.LOGGING):
    import structlog  # noqa: F401

from ampera.serving.server import serve  # noqa: E402

serve()
