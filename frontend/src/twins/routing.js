// Which questions a respondent meets. The twin of surveys/routing.py.
//
// A questionnaire here is what respondents/page/document.py sends: pages with their questions, expressions as
// trees, lists of options; no words, which the page itself holds.
import { evaluate, truth } from "./expressions.js";

export const holds = (tree, answers) => !tree || truth(evaluate(tree, answers));

export const optionsOf = (questionnaire, question) =>
  question.choices ? questionnaire.choices[question.choices] : [];

export function variablesOf(questionnaire, question) {
  if (question.type === "note") return [];
  if (question.type === "matrix") return question.rows;
  const specify = optionsOf(questionnaire, question).some((option) => option.specify);
  return specify ? [question.code, `${question.code}_other`] : [question.code];
}

// Calls visit(page, question, known) for each question that is asked, in order; visit adds to `known` what it
// accepts of the answers, and what comes later sees it. Returns `known`.
export function walk(questionnaire, visit) {
  const known = {};
  for (const page of questionnaire.pages) {
    if (!holds(page.relevant, known)) continue;
    for (const question of page.questions) {
      if (holds(question.relevant, known)) visit(page, question, known);
    }
  }
  return known;
}
