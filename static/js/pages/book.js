// Entry module. A book's page: the forms about its code speak JSON; the focus goes to the sentence of a refusal. A swiped
// passport fills the field for its number.

import { fillFromBooks } from "../lib/book-fields.js";
import { sendForms } from "../lib/forms.js";

sendForms();
fillFromBooks();
document.getElementById("problem")?.focus();
