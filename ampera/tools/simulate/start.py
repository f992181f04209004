"""The process of `ampera simulate`, run by its path so that nothing is imported before the patch."""

from gevent import monkey

monkey.patch_all()  # first: hundreds of simulated people wait for the server in one process

import signal  # noqa: E402
import sys  # noqa: E402

import gevent  # noqa: E402

from ampera.tools.simulate.options import Options  # noqa: E402
from ampera.tools.simulate.run import main  # noqa: E402

# SIGTERM raises SystemExit in the main greenlet, so every context manager on the stack ends, the server's too.
gevent.signal_handler(signal.SIGTERM, gevent.kill, gevent.getcurrent(), SystemExit(143))
sys.exit(main(Options.parse(sys.argv[1]), is_json=sys.argv[2] == "json"))
