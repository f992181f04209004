// One record of the register: the void is sent as JSON, so that a refusal stands beside what was typed.

import { sendForms } from "../lib/forms.js";

sendForms();
