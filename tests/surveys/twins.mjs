// Runs the browser's half of the twins for test_javascript_twins.py: one JSON request per line of the file named
// first, one line of answer each on standard output. Values are spelt so that NaN, -0 and the last bit survive.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [requests, folder] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(folder, name)));
const { evaluate, truth } = await load("expressions.js");
const { check } = await load("validation.js");
const { score } = await load("scoring.js");
const { readCode, newCode } = await load("codes.js");
const { readNumber } = await load("../respondent/numbers.js");

const bits = (value) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
};

function spell(value) {
  if (value === null || value === undefined) return "empty";
  if (typeof value === "boolean") return `boolean ${value}`;
  if (typeof value === "number") return Number.isNaN(value) ? "number NaN" : `number ${bits(value)}`;
  if (Array.isArray(value)) return `list ${JSON.stringify(value)}`;
  return `text ${value}`;
}

// {"number": "NaN"} and the like stand for what JSON cannot hold.
const revive = (_key, value) =>
  value && typeof value === "object" && typeof value.number === "string" && Object.keys(value).length === 1
    ? Number(value.number)
    : value;

const answer = {
  evaluate: ({ tree, answers, own }) => spell(evaluate(tree, answers, own)),
  truth: ({ value }) => truth(value),
  score: ({ scale, answers }) => spell(score(scale, answers)),
  number: ({ written }) => spell(readNumber(written)),
  read: ({ typed }) => readCode(typed),
  make: ({ count }) => Array.from({ length: count }, newCode),
};

let questionnaire = null;
const lines = readFileSync(requests, "utf8").split("\n").filter(Boolean);
const out = [];
for (const line of lines) {
  const request = JSON.parse(line, revive);
  if (request.kind === "questionnaire") {
    questionnaire = request.questionnaire;
    out.push("null");
  } else if (request.kind === "check") {
    out.push(JSON.stringify(check(questionnaire, request.answers)));
  } else {
    out.push(JSON.stringify(answer[request.kind](request)));
  }
}
process.stdout.write(out.join("\n") + "\n");
