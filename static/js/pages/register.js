// Entry module. One record of the register: the void is sent as JSON, so that a refusal appears beside the input. The
// book that came back may be swiped.

import { fillFromBooks } from "../lib/book-fields.js";
import { sendForms } from "../lib/forms.js";

sendForms();
fillFromBooks();
