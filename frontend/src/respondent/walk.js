// The way of a respondent: notice and consents, one page after the other, sending, the end.
import { grouped, newCode, readCode } from "../twins/codes.js";
import { check } from "../twins/validation.js";
import { openDraft } from "./draft.js";
import { clearErrors, forgive, showErrors } from "./errors.js";
import { applyRouting, consents, fillForm, keepExclusive, offerClearing, questionOf, readForm, refresh } from "./form.js";
import { codeInAddress, openGate, showGate, standing } from "./gate.js";
import { keepPageForOffline } from "./offline.js";
import { byId, fill, questionnaire, say, show, toTop, words } from "./page.js";
import { receiptButtons } from "./receipt.js";
import { showScores } from "./scores.js";
import { DONE, display, NOTICE, progress, SEND, unanswered } from "./screens.js";
import { deliver } from "./sending.js";

const LONG = 300; // seconds: a longer silence is a pause, not time spent answering

let code = "";
let draft = null;
let screen = NOTICE;
let asked = [];
let sending = false;
let since = Date.now();
// What a draft holds besides the answers.
let kept = { count: 0, screen: NOTICE, reached: [], counted: [], receipt: "", seconds: 0, sent: false };

const pageOf = (name) => questionnaire.pages.find((page) => page.code === name);
const nameOf = (index) => questionnaire.pages[index].code;

export async function begin() {
  prepare();
  const found = codeInAddress();
  if (found === "") return;
  if (found === null) return showGate("unknown");
  show(byId("code-field"), false);
  const [state] = await Promise.all([standing(found), resume(found)]);
  if (state === "unknown" || (state === "closed" && !sending) || (state === "used" && !kept.sent)) {
    if (screen !== NOTICE) go(NOTICE, "replace");
    showGate(state);
  }
}

function prepare() {
  for (const part of document.querySelectorAll(".without-script")) part.remove();
  show(byId("start"));
  offerClearing(words.clear, changed);
  asked = applyRouting();
  byId("form").addEventListener("change", (event) => {
    keepExclusive(event.target);
    forgive(event.target);
    changed();
  });
  byId("form").addEventListener("input", changed);
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault(); // Enter in a field means "next" here
    if (screen === NOTICE) start();
    else next();
  });
  byId("start").addEventListener("click", start);
  byId("next").addEventListener("click", next);
  byId("previous").addEventListener("click", previous);
  byId("try-now").textContent = words.try_now;
  history.replaceState({ screen: NOTICE }, "");
  window.addEventListener("popstate", returned);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && draft?.flush());
  window.addEventListener("pagehide", () => draft?.flush());
  window.addEventListener("online", () => draft && screen !== DONE && tell("saved_here"));
  window.addEventListener("offline", () => draft && screen !== DONE && tell("offline"));
}

// Opens the draft of *found* and goes where it was left.
async function resume(found) {
  code = found;
  draft = await openDraft(code, tell);
  draft.newPages = () => kept.reached.filter((page) => !kept.counted.includes(page));
  draft.pagesCounted = (pages) => (kept.counted = [...new Set([...kept.counted, ...pages])]);
  const before = await draft.newest();
  if (!before || (screen !== NOTICE && !before.sent)) return;
  kept = { ...kept, ...before.kept };
  const answers = Object.entries(before.answers).filter(([variable]) => questionOf[variable]);
  fillForm(Object.fromEntries(answers));
  for (const box of document.querySelectorAll("[name=consent]")) box.checked = before.consents.includes(box.value);
  asked = applyRouting();
  refresh();
  if (kept.screen !== NOTICE && missingConsents().length === 0) {
    const page = pageOf(kept.screen);
    go(page || kept.screen === SEND ? kept.screen : nameOf(asked[0]), "push");
    say(words.resumed);
    if (kept.sent) send();
  }
}

const missingConsents = () => questionnaire.consents.filter((consent) => !consents().includes(consent));

async function start() {
  const problems = missingConsents().map((consent) => ({
    field: `consent-${consent}`,
    name: byId(`consent-${consent}`).parentElement.textContent.trim(),
    message: words.consent,
  }));
  const typed = code || readCode(byId("code").value);
  if (!typed) problems.push({ field: "code", message: words.code });
  if (problems.length) return showErrors(problems);
  clearErrors();
  if (!code) {
    const state = await standing(typed);
    if (["unknown", "used", "closed"].includes(state)) {
      showGate(state);
      byId("gate-title").focus();
      return;
    }
    // From here on this address is the respondent's link: it can be kept, and the draft resumes from it.
    history.replaceState(history.state, "", `#${typed}`);
    openGate();
    await resume(typed);
    if (screen !== NOTICE) return;
  }
  keepPageForOffline();
  since = Date.now();
  go(nameOf(asked[0]), "push");
  save();
}

function go(name, entry) {
  const before = screen;
  screen = name;
  clearErrors();
  if (name !== DONE) kept.screen = name;
  const number = questionnaire.pages.indexOf(pageOf(name)) + 1;
  if (number && !kept.reached.includes(number)) kept.reached.push(number);
  if (entry) history[`${entry}State`]({ screen: name, from: before }, "");
  const heading = display(name, asked);
  if (name === SEND) prepareSending();
  byId("next").textContent = name === SEND ? words.send : words.next;
  if (name !== NOTICE || entry !== "replace") heading.focus({ preventScroll: true });
  toTop(heading);
}

// The browser's back and forward buttons: forward only to where the answers lead.
function returned(event) {
  if (sending || screen === DONE) return history.pushState({ screen }, "");
  const name = event.state?.screen ?? NOTICE;
  const page = pageOf(name);
  const wanted = page && !asked.includes(questionnaire.pages.indexOf(page)) ? nameOf(asked[0]) : name;
  go(wanted === DONE ? SEND : wanted);
  save();
}

function problemsOf(page) {
  const here = new Set(page.questions.map((question) => question.code));
  return check(questionnaire, readForm()).problems.filter(({ variable }) => here.has(questionOf[variable]?.code));
}

function next() {
  if (sending) return;
  if (screen === SEND) return submit();
  const page = pageOf(screen);
  const problems = problemsOf(page);
  if (problems.length) return showErrors(problems);
  const place = questionnaire.pages.indexOf(page);
  const following = asked.find((index) => index > place);
  go(following === undefined ? SEND : nameOf(following), "push");
  save();
}

// Back in the browser's history where that is the page before, so that both ways of going back agree.
function previous() {
  const place = screen === SEND ? questionnaire.pages.length : questionnaire.pages.indexOf(pageOf(screen));
  const before = asked.filter((index) => index < place).pop();
  const name = before === undefined ? NOTICE : nameOf(before);
  if (history.state?.from === name) return history.back();
  go(name, "push");
  save();
}

function changed() {
  asked = applyRouting();
  refresh();
  if (screen === NOTICE) return;
  progress(screen, asked);
  save();
}

function save() {
  if (!draft || screen === DONE) return Promise.resolve();
  const now = Date.now();
  const passed = (now - since) / 1000;
  since = now;
  kept.seconds += passed < LONG ? passed : 0;
  kept.count += 1;
  return draft.save({ count: kept.count, kept, answers: readForm(), consents: consents() });
}

function tell(state) {
  const place = byId("saved");
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  place.textContent = words[state];
  if (state === "offline") say(words.offline);
}

function prepareSending() {
  const count = unanswered();
  const sentence = count === 0 ? words.all_answered : count === 1 ? words.unanswered_one : words.unanswered;
  byId("unanswered").textContent = fill(sentence, { count });
  show(byId("unanswered"));
  show(byId("sending"), false);
}

function submit() {
  const { problems } = check(questionnaire, readForm());
  if (problems.length) return toProblems(problems);
  return send();
}

// To the page of the first problem, with its messages.
function toProblems(problems) {
  const first = questionnaire.pages.find((page) =>
    page.questions.some((question) => problems.some(({ variable }) => questionOf[variable] === question)),
  );
  if (first && first.code !== screen) go(first.code, "push");
  showErrors(first ? problems.filter(({ variable }) => first.questions.includes(questionOf[variable])) : problems);
}

async function send() {
  if (sending) return;
  sending = true;
  setSending(words.sending);
  const { answers } = check(questionnaire, readForm());
  kept.receipt ||= newCode();
  kept.sent = true;
  await save(); // the receipt is safe before anything leaves: a lost answer can be asked for again
  const result = await deliver(
    {
      code,
      receipt: kept.receipt,
      version: questionnaire.version,
      answers,
      consents: consents(),
      draft: draft.key,
      minutes: Math.round(kept.seconds / 60),
      pages: draft.newPages(),
    },
    (retry) => setSending(words.waiting, retry),
  );
  sending = false;
  if (result.recorded) return finish(answers);
  kept.sent = false;
  refused(result);
}

function setSending(sentence, retry) {
  byId("sending-text").textContent = sentence;
  show(byId("sending"));
  show(byId("sending-action"), Boolean(retry));
  byId("try-now").onclick = retry ?? null;
  for (const name of ["next", "previous"]) byId(name).disabled = sending;
}

function refused({ status, data }) {
  setSending("");
  show(byId("sending"), false);
  if (data.error === "receipt") {
    kept.receipt = newCode();
    return send();
  }
  save();
  if (status === 422 && data.problems) return toProblems(data.problems);
  if (data.error === "used" || data.error === "closed") {
    go(NOTICE, "push");
    showGate(data.error);
    return byId("gate-title").focus();
  }
  showErrors([{ field: "main", name: words.refused, message: data.message ?? "" }]);
}

function finish(answers) {
  const receipt = grouped(kept.receipt);
  draft.forget();
  byId("receipt-code").textContent = receipt;
  const address = new URL(questionnaire.urls.receipt, location.href);
  byId("receipt-link").hash = receipt;
  byId("receipt-address").textContent = `${address}`;
  receiptButtons(receipt, {
    copied: words.copied,
    file: `${words.receipt_file}-${questionnaire.slug}`,
    content: fill(words.receipt_text, { title: questionnaire.title, receipt, address: `${address}#${receipt}` }),
  });
  show(byId("done"));
  document.documentElement.classList.add("done");
  byId("form").reset(); // a shared device must not show them by the back button
  go(DONE, "push");
  showScores(answers);
}
