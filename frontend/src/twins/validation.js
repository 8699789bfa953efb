// The rules of surveys/validation.py in the browser, to help while answering; the server decides.
import { evaluate, truth } from "./expressions.js";
import { optionsOf, variablesOf, walk } from "./routing.js";

const OTHER_LENGTH = 120;
const LIMIT = 1e9;
// What Python's str.strip() strips; String.trim() would also take the byte order mark.
const SPACE = "[\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const AROUND = new RegExp(`^${SPACE}|${SPACE}$`, "g");
// Control signs but tab and line break, and lone halves of surrogate pairs.
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Cs}/gu;

class Wrong {
  constructor(code, values = {}) {
    this.code = code;
    this.values = values;
  }
}

const nothing = (raw) => raw === null || raw === undefined || raw === "" || (Array.isArray(raw) && !raw.length);

// {answers, problems: [{variable, code, values}]}: answers is what may be sent, if there is no problem.
export function check(questionnaire, raw) {
  const known = new Set();
  for (const page of questionnaire.pages)
    for (const question of page.questions)
      for (const variable of variablesOf(questionnaire, question)) known.add(variable);
  const problems = Object.keys(raw)
    .filter((name) => !known.has(name))
    .map((name) => ({ variable: [...name].slice(0, 48).join(""), code: "unknown_variable", values: {} }));
  const answers = walk(questionnaire, (_page, question, answers) => {
    for (const variable of variablesOf(questionnaire, question)) {
      try {
        const value = checked(questionnaire, question, variable, raw, answers);
        if (value !== null) answers[variable] = value;
      } catch (wrong) {
        if (!(wrong instanceof Wrong)) throw wrong;
        problems.push({ variable, code: wrong.code, values: wrong.values });
      }
    }
  });
  return { answers, problems };
}

function checked(questionnaire, question, variable, raw, answers) {
  const given = Object.hasOwnProperty.call(raw, variable) ? raw[variable] : null;
  const own = variable === question.code || question.type === "matrix";
  const clean = own ? valueOf(questionnaire, question, given) : otherOf(questionnaire, question, given, answers);
  if (!own) return clean;
  if (clean === null) {
    if (question.required) throw new Wrong("required");
    return null;
  }
  if (question.constraint && !truth(evaluate(question.constraint, answers, clean))) throw new Wrong("constraint");
  return clean;
}

function valueOf(questionnaire, question, raw) {
  if (nothing(raw)) return null;
  const options = optionsOf(questionnaire, question);
  switch (question.type) {
    case "single":
    case "matrix":
      if (typeof raw !== "string" || !options.some((option) => option.code === raw)) throw new Wrong("not_an_option");
      return raw;
    case "multiple":
      return severalOf(question, options, raw);
    case "integer":
    case "decimal":
      return numberOf(question, raw);
  }
  return textOf(raw, question.max_length ?? 1000);
}

function severalOf(question, options, raw) {
  const listed = (code) => options.some((option) => option.code === code);
  if (!Array.isArray(raw) || !raw.every((code) => typeof code === "string" && listed(code)))
    throw new Wrong("not_an_option");
  const picked = options.filter((option) => raw.includes(option.code));
  if (picked.length > 1 && picked.some((option) => option.exclusive)) throw new Wrong("exclusive");
  const minimum = question.min_choices ?? 0;
  const maximum = question.max_choices ?? null;
  if (picked.length < minimum) throw new Wrong("too_few", { minimum });
  if (maximum !== null && picked.length > maximum) throw new Wrong("too_many", { maximum });
  return picked.map((option) => option.code);
}

function numberOf(question, raw) {
  if (typeof raw !== "number" || !Number.isFinite(raw)) throw new Wrong("not_a_number");
  const minimum = question.minimum ?? -LIMIT;
  const maximum = question.maximum ?? LIMIT;
  if (raw < minimum || raw > maximum) throw new Wrong("out_of_range", { minimum, maximum });
  if (question.type === "integer" && !Number.isInteger(raw)) throw new Wrong("not_whole");
  return raw;
}

function otherOf(questionnaire, question, raw, answers) {
  if (nothing(raw)) return null;
  const picked = [].concat(answers[question.code] ?? []);
  const open = optionsOf(questionnaire, question).some((option) => option.specify && picked.includes(option.code));
  return open ? textOf(raw, OTHER_LENGTH) : null;
}

function textOf(raw, maximum) {
  if (typeof raw !== "string") throw new Wrong("not_a_text");
  const content = raw.replace(/\r\n/g, "\n").replace(UNWANTED, "").replace(AROUND, "");
  if ([...content].length > maximum) throw new Wrong("too_long", { maximum });
  return content || null;
}
