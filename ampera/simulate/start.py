"""Where `ampera simulate` continues in a process of its own, run by path: nothing is imported before the patch."""

from gevent import monkey

monkey.patch_all()  # first: hundreds of simulated people wait for the server in one process

import sys  # noqa: E402

from ampera.simulate.options import Options  # noqa: E402
from ampera.simulate.running import main  # noqa: E402

sys.exit(main(Options.parse(sys.argv[1]), is_json=sys.argv[2] == "json"))
