// Entry module. The page of a locked tablet: only the time.

import { select } from "../lib/dom.js";
import { runClock } from "../lib/wall-clock.js";

runClock(select("[data-clock]"));
