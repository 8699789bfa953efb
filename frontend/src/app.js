// Researcher, partner and public pages. Everything works without this file; it saves time where it runs.
import htmx from "htmx.org";
import { copyButtons } from "./app/copy.js";
import { nameToConfirm, submitOnChange } from "./app/forms.js";
import { tables } from "./app/tables.js";

window.htmx = htmx;

function enhance(root) {
  tables(root);
  copyButtons(root);
  nameToConfirm(root);
  submitOnChange(root);
}

enhance(document);
htmx.onLoad(enhance);
