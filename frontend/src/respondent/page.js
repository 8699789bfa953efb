// The page's own data, and short names for what every module does to the document.

export const byId = (id) => document.getElementById(id);

const element = byId("questionnaire");
export const questionnaire = element ? JSON.parse(element.textContent) : null;
export const words = questionnaire?.words ?? {};

// "Partie {page} sur {pages}" and {page: 3, pages: 8}.
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

export function show(target, shown = true) {
  target.hidden = !shown;
}

export function say(sentence) {
  byId("status").textContent = sentence;
}

// To the top of the page; where the screen is so low (or so enlarged) that the header fills it, to *target*.
export function toTop(target) {
  if (matchMedia("(max-height: 30em)").matches) target.scrollIntoView({ block: "start" });
  else window.scrollTo(0, 0);
}

export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// POSTs JSON. Resolves to {status, data}; status 0 when the network gave no answer.
export async function post(url, content, options = {}) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ language: questionnaire.language, ...content }),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      ...options,
    });
    return { status: response.status, data: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, data: {} };
  }
}
