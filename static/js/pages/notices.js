// The words of a notice: the preview follows what is typed, and a field is put in by one tap.

import { offerFields } from "../notices/field-buttons.js";
import { keepPreview } from "../notices/preview.js";

const form = document.getElementById("wording");

keepPreview(form);
offerFields(form);
