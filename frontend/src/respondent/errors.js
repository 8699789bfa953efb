// What is wrong, said on top with links and beside each field; the words are those of respondents/page/messages.py.
import { controls, questionOf } from "./form.js";
import { byId, fill, make, questionnaire, toTop, words } from "./page.js";
import { writeNumber } from "./numbers.js";

const LIMIT = 1e9;
const colon = () => (questionnaire.language === "fr" ? " : " : ": ");
const box = () => byId("errors");

function wording(code, values) {
  if ((code === "too_few" || code === "too_many") && Object.values(values).includes(1)) return `${code}_one`;
  if (code === "out_of_range" && values.maximum >= LIMIT) return "under";
  if (code === "out_of_range" && values.minimum <= -LIMIT) return "over";
  return code;
}

export function explain({ variable, code, values = {}, message }) {
  if (message) return message;
  const own = code === "constraint" && questionnaire.constraints[questionOf[variable]?.code];
  if (own) return own;
  const written = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, writeNumber(value, questionnaire.language)]),
  );
  return fill(questionnaire.problems[wording(code, values)] ?? code, written);
}

const labelOf = (variable) => {
  const label = byId(`l-${variable}`) ?? byId(`l-${questionOf[variable]?.code}`);
  return (label?.firstChild?.textContent ?? "").trim();
};

// Takes problems of the questionnaire ({variable, code, …}) or of other fields ({field, name, message}).
export function showErrors(problems) {
  clearErrors();
  const list = make("ul");
  for (const problem of problems) {
    const message = explain(problem);
    const control = problem.field ? byId(problem.field) : controls(problem.variable)[0];
    mark(problem.field ?? problem.variable, control, message);
    const name = problem.name ?? labelOf(problem.variable);
    const line = name ? `${name}${/[?!:.…]$/.test(name) ? " " : colon()}${message}` : message;
    const link = make("a", { href: `#${control?.id ?? "main"}` }, line);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      control?.focus();
      control?.closest(".question, .field")?.scrollIntoView({ block: "start" });
    });
    list.append(make("li", {}, link));
  }
  const title = problems.length > 1 ? fill(words.problems_title, { count: problems.length }) : words.problem_title;
  box().replaceChildren(make("h2", {}, title), make("p", {}, words.nothing_lost), list);
  box().hidden = false;
  document.title = `${words.error} ${document.title.replace(`${words.error} `, "")}`;
  box().focus();
  toTop(box());
}

function mark(name, control, message) {
  const text = byId(`${name}-error`);
  if (text) {
    text.textContent = message;
    text.hidden = false;
  }
  const around = control?.closest("tr, .question, .field");
  around?.classList.add("wrong");
  if (!control || !text) return;
  const marked = around?.matches("fieldset, tr") ? [...around.querySelectorAll("input")] : [control];
  for (const input of marked) {
    if (input.id.startsWith("f-") && input !== control) continue;
    input.setAttribute("aria-invalid", "true");
    const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== text.id);
    input.setAttribute("aria-describedby", [text.id, ...others].join(" "));
  }
}

// What is wrong with one question is no longer said once its answer changes; "next" looks again.
export function forgive(changed) {
  const around = changed.closest(".wrong");
  if (!around) return;
  unmark(around);
  if (!document.querySelector(".wrong")) clearErrors();
}

export function clearErrors() {
  box().hidden = true;
  box().replaceChildren();
  document.title = document.title.replace(`${words.error} `, "");
  unmark(document);
}

function unmark(root) {
  for (const text of root.querySelectorAll(".error")) {
    text.hidden = true;
    text.textContent = "";
  }
  for (const around of [root, ...root.querySelectorAll(".wrong")]) around.classList?.remove("wrong");
  for (const input of root.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    const kept = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.endsWith("-error"));
    if (kept.length) input.setAttribute("aria-describedby", kept.join(" "));
    else input.removeAttribute("aria-describedby");
  }
}
