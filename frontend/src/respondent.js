// The respondent page. Without this file the same form is one long page that posts to the server.
import { keepFragment } from "./respondent/links.js";
import { byId, questionnaire } from "./respondent/page.js";
import { receiptButtons, receiptField } from "./respondent/receipt.js";
import { begin } from "./respondent/walk.js";

document.documentElement.classList.add("js");
keepFragment();
receiptField();
if (questionnaire) begin();
else if (byId("receipt-code")) receiptButtons(byId("receipt-code").textContent.trim());
