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

// On a phone the navigation is one line that scrolls: the page one is on must be in sight.
function showCurrent() {
  const list = document.querySelector(".side .nav");
  const current = list?.querySelector("[aria-current]");
  if (current) list.scrollLeft = current.offsetLeft - list.clientWidth / 3;
}

enhance(document);
showCurrent();
htmx.onLoad(enhance);
