// Entry module. A book's page: the forms about its code speak JSON; the focus goes to the sentence of a refusal.

import { sendForms } from "../lib/forms.js";

sendForms();
document.getElementById("problem")?.focus();
