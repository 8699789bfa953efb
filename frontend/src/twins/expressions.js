// Tree and answers to value. The twin of surveys/expressions/interpreter.py: change both, and
// tests/surveys/expression_cases.json, together. What it means is written in docs/expressions.md.

const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;
const BLANK = /^[ \t\r\n]+|[ \t\r\n]+$/g;

export function evaluate(tree, answers, own) {
  const part = (index) => evaluate(tree[index], answers, own);
  switch (tree[0]) {
    case "num":
    case "str":
      return tree[1];
    case "ref":
      return Object.hasOwnProperty.call(answers, tree[1]) ? answers[tree[1]] : null;
    case "self":
      return own ?? null;
    case "and":
      return truth(part(1)) && truth(part(2));
    case "or":
      return truth(part(1)) || truth(part(2));
    case "if":
      return truth(part(1)) ? part(2) : part(3);
  }
  return OPERATIONS[tree[0]](...tree.slice(1).map((_, index) => part(index + 1)));
}

// Empty, zero, NaN and nothing chosen are false: as in JavaScript, but for the empty list.
export const truth = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

function number(value) {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const content = text(value).replace(BLANK, "");
  return NUMBER.test(content) ? Number(content) : NaN;
}

function text(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join(" ");
  if (typeof value !== "number" || !Number.isFinite(value)) return String(value);
  // BigInt writes a whole number with all its digits, where String would turn to 1e21.
  if (Number.isInteger(value)) return String(BigInt(value));
  const written = value.toFixed(12).replace(/\.?0+$/, "");
  return written === "-0" ? "0" : written;
}

function equal(left, right) {
  if (typeof left === "boolean" || typeof right === "boolean") return truth(left) === truth(right);
  if (typeof left === "number" || typeof right === "number") return number(left) === number(right);
  return text(left) === text(right);
}

function round(value, digits = 0) {
  const figure = number(value);
  const places = number(digits);
  if (Number.isNaN(places) || Number.isNaN(figure)) return NaN;
  const factor = Number(`1e${Math.trunc(Math.max(0, Math.min(9, places)))}`);
  if (!(Math.abs(figure * factor) < 2 ** 52)) return figure;
  return Math.floor(figure * factor + 0.5) / factor;
}

// Not Math.min and Math.max: those tell 0 from -0.
const extreme = (better) => (...values) => {
  const figures = values.map(number);
  return figures.some(Number.isNaN) ? NaN : figures.reduce((a, b) => (better(b, a) ? b : a));
};

const chosen = (value) => (Array.isArray(value) ? value : text(value).split(" ").filter(Boolean));

const empty = (value) => value === null || value === undefined || value.length === 0;

// `+ 0` turns -0 into 0, which Python's whole numbers do not have.
const whole = (value) => Math.trunc(number(value)) + 0;

const OPERATIONS = {
  neg: (a) => -number(a),
  "+": (a, b) => number(a) + number(b),
  "-": (a, b) => number(a) - number(b),
  "*": (a, b) => number(a) * number(b),
  div: (a, b) => number(a) / number(b),
  mod: (a, b) => number(a) % number(b),
  "=": equal,
  "!=": (a, b) => !equal(a, b),
  "<": (a, b) => number(a) < number(b),
  "<=": (a, b) => number(a) <= number(b),
  ">": (a, b) => number(a) > number(b),
  ">=": (a, b) => number(a) >= number(b),
  true: () => true,
  false: () => false,
  not: (a) => !truth(a),
  boolean: truth,
  coalesce: (a, b) => (empty(a) ? b : a),
  selected: (a, b) => chosen(a).includes(text(b)),
  "count-selected": (a) => chosen(a).length,
  number,
  string: text,
  "string-length": (a) => [...text(a)].length,
  concat: (...parts) => parts.map(text).join(""),
  contains: (a, b) => text(a).includes(text(b)),
  "starts-with": (a, b) => text(a).startsWith(text(b)),
  "ends-with": (a, b) => text(a).endsWith(text(b)),
  round,
  int: whole,
  abs: (a) => Math.abs(number(a)),
  min: extreme((a, b) => a < b),
  max: extreme((a, b) => a > b),
  sum: (...values) => values.reduce((total, value) => total + number(value), 0),
  "count-non-empty": (...values) => values.filter((value) => !empty(value)).length,
};
