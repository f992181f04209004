// Entry module. The texts of a notice: the preview follows the input, and a field is inserted by one tap.

import { byId } from "../lib/dom.js";
import { offerFields } from "../notices/field-buttons.js";
import { keepPreview } from "../notices/preview.js";

const form = byId("wording", HTMLFormElement);

keepPreview(form);
offerFields(form);
