// Which part of the document is on screen: the notice, a page of the questionnaire, the sending, the end.
import { holds } from "../twins/routing.js";
import { check } from "../twins/validation.js";
import { readForm } from "./form.js";
import { byId, fill, questionnaire, words } from "./page.js";

export const SEND = "send";
export const NOTICE = "notice";
export const DONE = "done";

const elementOf = (name) => byId(name) ?? byId(`page-${name}`);
const numberOf = (name) => questionnaire.pages.findIndex((page) => page.code === name);

// Puts *name* on screen, *asked* being the indexes of the pages that are asked.
export function display(name, asked) {
  for (const screen of document.querySelectorAll(".screen")) screen.classList.toggle("current", screen === elementOf(name));
  const steps = name !== NOTICE && name !== DONE;
  byId("steps").hidden = !steps;
  byId("progress").hidden = !steps;
  byId("next").classList.toggle("sends", name === SEND);
  if (steps) progress(name, asked);
  const heading = byId(`title-${name}`);
  document.title = name === NOTICE ? questionnaire.title : `${heading.textContent} – ${questionnaire.title}`;
  return heading;
}

export function progress(name, asked) {
  const { part, bar } = { part: byId("part"), bar: byId("bar") };
  if (name === SEND) {
    part.textContent = words.send_part;
    bar.value = 1;
    return;
  }
  const place = Math.max(0, asked.indexOf(numberOf(name)));
  const weights = asked.map(weight);
  const sum = (list) => list.reduce((total, value) => total + value, 0);
  const left = sum(weights.slice(place)) / (sum(weights) || 1);
  const minutes = Math.max(1, Math.round(questionnaire.minutes * left));
  part.textContent = fill(minutes === 1 ? words.part_one : words.part, {
    page: place + 1,
    pages: asked.length,
    minutes,
  });
  bar.value = 1 - left;
}

// A row of a matrix takes about as long as a question.
const weight = (index) =>
  questionnaire.pages[index].questions.reduce((total, question) => total + (question.rows?.length ?? 1), 0);

// How many of the questions that are asked have no answer.
export function unanswered() {
  const { answers } = check(questionnaire, readForm());
  let count = 0;
  for (const page of questionnaire.pages) {
    if (!holds(page.relevant, answers)) continue;
    for (const question of page.questions) {
      if (question.type === "note" || !holds(question.relevant, answers)) continue;
      const variables = question.rows ?? [question.code];
      count += variables.filter((variable) => !(variable in answers)).length;
    }
  }
  return count;
}
