// One's own scores beside those of the sample: words that inform without diagnosing, and a small drawing.
import { band, score } from "../twins/scoring.js";
import { byId, fill, questionnaire, words } from "./page.js";
import { writeNumber } from "./numbers.js";

const WIDTH = 600;
const ROOM = 210; // what the words of a mark need beside its line, in the large type of a phone
const FIRST_ROW = 92;
const ROW = 32;
const NS = "http://www.w3.org/2000/svg";
const write = (value) => writeNumber(Math.round(value * 10) / 10, questionnaire.language);
const whole = (value) => Math.round(value).toLocaleString(questionnaire.language);

export async function showScores(answers) {
  const results = questionnaire.scales.map((scale) => ({ scale, value: score(scale, answers) }));
  if (!results.some(({ value }) => value !== null)) return;
  const norms = await published();
  for (const { scale, value } of results) byId("score-list").append(article(scale, value, norms?.scales?.[scale.code]));
  byId("score-source").textContent = norms
    ? fill(words.sample, { n: norms.n.toLocaleString(questionnaire.language), fingerprint: norms.fingerprint.slice(0, 12) })
    : words.no_norms;
  byId("scores").hidden = false;
}

async function published() {
  try {
    const response = await fetch(questionnaire.urls.norms, { credentials: "omit" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function article(scale, value, norm) {
  const made = byId("score-template").content.firstElementChild.cloneNode(true);
  const put = (selector, text) => {
    const target = made.querySelector(selector);
    if (text) target.textContent = text;
    else target.remove();
  };
  put("h3", scale.title);
  if (value === null) {
    for (const selector of [".value", ".drawing", ".place", ".others"]) put(selector, "");
    put(".message", words.no_score);
    return made;
  }
  const points = Object.values(scale.points);
  const times = scale.method === "sum" ? scale.items.length : 1;
  const low = Math.min(...points) * times;
  const high = Math.max(...points) * times;
  const { critical } = scale;
  put(".value", fill(words.score, { score: whole(value), high: whole(high) }));
  const place =
    critical === null ? "" : fill(value >= critical ? words.above : words.below, { threshold: write(critical) });
  put(".place", place);
  put(".others", norm ? comparison(value, norm, critical) : "");
  put(".message", band(scale, value)?.message ?? "");
  made.querySelector(".drawing").append(drawing({ value, low, high, critical, mean: norm?.mean }, scale.title));
  return made;
}

function comparison(value, norm, critical) {
  const tenths = norm.deciles.filter((decile) => decile < value).length;
  const rank =
    tenths === 0 ? words.rank_none
    : tenths === 1 ? words.rank_one
    : tenths === 9 ? words.rank_all
    : fill(words.rank, { tenths });
  if (critical === null || norm.critical_share === null) return rank;
  const share = whole(norm.critical_share * 100);
  return `${fill(words.others, { mean: whole(norm.mean), share })} ${rank}`;
}

// A line from the lowest to the highest score; the threshold's side is tinted, marks carry their words.
function drawing({ value, low, high, critical, mean }, title) {
  const x = (score) => 10 + ((score - low) / (high - low)) * (WIDTH - 20);
  const svg = node("svg", { role: "img" });
  const labels = [fill(words.you, { score: whole(value) })];
  const scale = node("g", { class: "scale" });
  scale.append(node("rect", { class: "track", x: 10, y: 42, width: WIDTH - 20, height: 12, rx: 2 }));
  if (critical !== null)
    scale.append(node("rect", { class: "zone", x: x(critical), y: 42, width: x(high) - x(critical), height: 12 }));
  const lines = node("g", {});
  svg.append(scale, lines);
  let height = FIRST_ROW;
  // Words on the outer side of their line, so that the lines of two close marks cross no word; where there is no
  // room on that side, on the other side and one row below.
  const mark = (score, text, className, before) => {
    const at = x(score);
    const fits = before ? at > ROOM : at < WIDTH - ROOM;
    const row = fits ? FIRST_ROW : FIRST_ROW + ROW;
    const ends = before === fits;
    const label = node("text", {
      class: className,
      x: at + (ends ? -8 : 8),
      y: row - 6,
      "text-anchor": ends ? "end" : "start",
    });
    label.textContent = text;
    lines.append(node("line", { class: className, x1: at, x2: at, y1: 38, y2: row - 2 }));
    svg.append(label);
    height = Math.max(height, row);
  };
  if (critical !== null) {
    labels.push(fill(words.threshold, { threshold: write(critical) }));
    mark(critical, labels[labels.length - 1], "threshold", mean !== undefined && critical < mean);
  }
  if (mean !== undefined) {
    labels.push(fill(words.mean, { mean: whole(mean) }));
    mark(mean, labels[labels.length - 1], "mean", critical === null || mean <= critical);
  }
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${height + 4}`);
  svg.append(node("circle", { class: "own", cx: x(value), cy: 48, r: 10 }));
  const at = x(value);
  const own = node("text", {
    class: "own",
    x: at,
    y: 28,
    "text-anchor": at < 90 ? "start" : at > WIDTH - 90 ? "end" : "middle",
  });
  own.textContent = labels[0];
  svg.append(own);
  svg.setAttribute("aria-label", `${title}. ${labels.join(". ")}.`);
  return svg;
}

function node(name, attributes) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
