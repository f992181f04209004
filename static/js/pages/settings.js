// Entry module. The office's options and its calendar: what was changed is marked, counted, and not lost by leaving.

import { byId } from "../lib/dom.js";
import { SettingsForm } from "../offices/settings-form.js";

new SettingsForm(byId("settings", HTMLFormElement)).start();
