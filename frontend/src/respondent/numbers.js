// Numbers as people write them; the same reading as respondents/page/posting.py.
const NUMBER = /^(?:[-+]?[0-9]+(?:[.,][0-9]*)?|[-+]?[.,][0-9]+)$/;

// The number that was written, or the text itself where there is none (which validation then refuses).
export function readNumber(written) {
  const compact = written.replace(/[ \t\u00a0\u202f\u2009]/g, "");
  return NUMBER.test(compact) && compact.length <= 30 ? Number(compact.replace(",", ".")) : written.trim();
}

export const writeNumber = (value, language) => value.toLocaleString(language, { maximumFractionDigits: 1 });
