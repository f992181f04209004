// Entry module. One record of the register: the void is sent as JSON, so that a refusal appears beside the input.

import { sendForms } from "../lib/forms.js";

sendForms();
