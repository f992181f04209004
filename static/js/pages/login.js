// Entry module. After a refusal the focus goes to the sentence with the advice. Who has signed out leaves no work in the tab;
// a session that ended by itself (`next` is set) leaves it for the same officer.

import { forgetWork } from "../window/kept-work.js";

document.getElementById("problem")?.focus();
if (!new URLSearchParams(location.search).has("next") && !document.getElementById("problem")) forgetWork();
