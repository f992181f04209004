// Entry module. One book typed at the desk: its passport may be swiped instead.

import { fillFromBooks } from "../lib/book-fields.js";

fillFromBooks();
