// What the link is good for, and the code of an invitation where the link has none.
import { readCode } from "../twins/codes.js";
import { byId, post, questionnaire, show, words } from "./page.js";

// The code in the address's fragment: the right one, "" for none, null for one that cannot be read.
export function codeInAddress() {
  const written = decodeURIComponent(location.hash.slice(1));
  return written ? readCode(written) : "";
}

// "ready", "started", "used", "closed", "unknown", or "offline".
export async function standing(code) {
  const { status, data } = await post(questionnaire.urls.open, { code });
  if (status === 404) return "unknown";
  return status === 200 ? data.state : "offline";
}

// Tells what stands in the way; whether one may go on by typing a code.
export function showGate(state) {
  const ends = state === "used" || state === "closed";
  byId("gate-title").textContent = words[state];
  byId("gate-more").textContent = words[`${state}_more`] ?? "";
  show(byId("gate-more"), ends);
  show(byId("gate-link"), state === "used");
  byId("gate-link").firstElementChild.textContent = words.see_answers;
  show(byId("entry"), !ends);
  show(byId("code-field"), !ends);
  show(byId("gate"));
}

export function openGate() {
  show(byId("gate"), false);
  show(byId("entry"));
  show(byId("code-field"), false);
}
