// Entry module of pages with a field for a book's number and no other script: a swiped passport fills it.

import { fillFromBooks } from "../lib/book-fields.js";

fillFromBooks();
