// The words of a notice: the preview follows what is typed, and a field is put in by one tap.

import { keepPreview } from "../notices/preview.js";
import { offerFields } from "../notices/fields.js";

const form = document.getElementById("wording");

keepPreview(form);
offerFields(form);
