// A book's page: the forms about its code speak JSON; the first sentence of what was done takes the focus.

import { sendForms } from "../lib/forms.js";

sendForms();
document.querySelector(".banner--stop")?.focus();
