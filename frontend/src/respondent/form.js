// The form and the answers: reading, filling in, and showing only what is asked.
import { holds, optionsOf, variablesOf } from "../twins/routing.js";
import { check } from "../twins/validation.js";
import { readNumber, writeNumber } from "./numbers.js";
import { byId, questionnaire } from "./page.js";

const form = byId("form");
const numeric = (question) => question.type === "integer" || question.type === "decimal";

export const questions = questionnaire ? questionnaire.pages.flatMap((page) => page.questions) : [];
export const questionOf = {};
for (const question of questions)
  for (const variable of variablesOf(questionnaire, question)) questionOf[variable] = question;

export const controls = (variable) => [...form.querySelectorAll(`[name="${variable}"]`)];

// Everything in the form, asked or not, as the server would read it from a post.
export function readForm() {
  const given = new FormData(form);
  const answers = {};
  for (const [variable, question] of Object.entries(questionOf)) {
    if (question.type === "multiple" && variable === question.code) {
      const chosen = given.getAll(variable);
      if (chosen.length) answers[variable] = chosen;
      continue;
    }
    const written = given.get(variable);
    if (written === null || written === "") continue;
    answers[variable] = numeric(question) && variable === question.code ? readNumber(written) : written;
  }
  return answers;
}

export function fillForm(answers) {
  for (const [variable, value] of Object.entries(answers)) {
    for (const control of questionOf[variable] ? controls(variable) : []) {
      if (control.type === "radio" || control.type === "checkbox") {
        control.checked = [].concat(value).includes(control.value);
      } else {
        control.value = typeof value === "number" ? writeNumber(value, questionnaire.language) : value;
      }
    }
  }
}

export const consents = () => new FormData(form).getAll("consent");

// Shows and hides questions, and returns the pages that are asked, as indexes.
export function applyRouting() {
  const { answers } = check(questionnaire, readForm());
  return questionnaire.pages.flatMap((page, index) => {
    let some = false;
    for (const question of page.questions) {
      const asked = holds(question.relevant, answers);
      byId(`q-${question.code}`).hidden = !asked;
      some ||= asked;
      specify(question);
    }
    return some && holds(page.relevant, answers) ? [index] : [];
  });
}

// "Other, specify" opens when its option is chosen.
function specify(question) {
  for (const option of optionsOf(questionnaire, question)) {
    if (!option.specify) continue;
    const box = form.querySelector(`#q-${question.code} [data-specify="${option.code}"]`);
    const chosen = [].concat(new FormData(form).getAll(question.code)).includes(option.code);
    if (box) box.hidden = !chosen;
  }
}

// Ticking an exclusive option unticks the others, and ticking another unticks it.
export function keepExclusive(changed) {
  if (changed.type !== "checkbox" || !changed.checked || changed.name === "consent") return;
  const alone = "exclusive" in changed.dataset;
  for (const other of controls(changed.name))
    if (other !== changed && (alone || "exclusive" in other.dataset)) other.checked = false;
}

// Radios cannot be unticked by themselves: an optional question gets a button that does it.
export function offerClearing(label, changed) {
  for (const question of questions) {
    if (question.required || !["single", "matrix"].includes(question.type)) continue;
    const box = byId(`q-${question.code}`);
    const radios = () => [...box.querySelectorAll("input[type=radio]")];
    if (!radios().length) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button plain clear";
    button.textContent = label;
    const update = () => button.classList.toggle("off", !radios().some((radio) => radio.checked));
    button.addEventListener("click", () => {
      for (const radio of radios()) radio.checked = false;
      changed();
      radios()[0].focus();
    });
    box.append(button);
    box.addEventListener("refresh", update);
    update();
  }
}

export const refresh = () =>
  form.querySelectorAll(".question").forEach((box) => box.dispatchEvent(new Event("refresh")));
