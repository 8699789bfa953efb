// Invitation codes and receipts: 80 bits that a person can type. The twin of respondents/codes.py.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK = `${ALPHABET}*~$=U`;
const MISREAD = { O: "0", I: "1", L: "1" };
const SIGNS = 16;

const forgive = (sign) => MISREAD[sign] ?? sign;

// The number modulo 37 from its base-32 signs, without numbers over 53 bits.
const checkOf = (signs) => CHECK[signs.reduce((rest, sign) => (rest * 32 + ALPHABET.indexOf(sign)) % 37, 0)];

// The code as it is stored and sent (17 signs, no hyphen), or null for what is not a code.
export function readCode(typed) {
  const signs = [...typed.toUpperCase().replace(/[\s\-\u2011]/g, "")];
  if (signs.length !== SIGNS + 1) return null;
  const body = signs.slice(0, SIGNS).map(forgive);
  if (!body.every((sign) => ALPHABET.includes(sign))) return null;
  const check = checkOf(body);
  return signs[SIGNS] === check || forgive(signs[SIGNS]) === check ? body.join("") + check : null;
}

export function newCode() {
  const bytes = crypto.getRandomValues(new Uint8Array(SIGNS));
  // 256 is a multiple of 32: the low five bits of a random byte are even.
  const body = [...bytes].map((byte) => ALPHABET[byte & 31]);
  return body.join("") + checkOf(body);
}

export const grouped = (code) => code.match(/.{1,4}/g).join("-");
