// Encryption of a draft under keys that only the invitation code gives: the server and a later user of this
// device hold ciphertext.

const bytesOf = (text) => new TextEncoder().encode(text);
const PURPOSE = { seal: "santesurvey draft encryption 1", name: "santesurvey draft name 1" };

export const toBase64 = (bytes) => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

export const fromBase64 = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

// Absent over plain http, except on this machine.
export const canEncrypt = () => Boolean(globalThis.crypto?.subtle);

// {name, seal, unseal}: the name under which a draft is kept, and the two directions.
export async function openVault(code, slug) {
  const secret = await crypto.subtle.importKey("raw", bytesOf(code), "HKDF", false, ["deriveKey", "deriveBits"]);
  const derivation = (purpose) => ({ name: "HKDF", hash: "SHA-256", salt: bytesOf(slug), info: bytesOf(purpose) });
  const key = await crypto.subtle.deriveKey(
    derivation(PURPOSE.seal),
    secret,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
  const name = toBase64(new Uint8Array(await crypto.subtle.deriveBits(derivation(PURPOSE.name), secret, 256)));
  return {
    name,
    async seal(content) {
      const nonce = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, bytesOf(JSON.stringify(content)));
      return toBase64(new Uint8Array([...nonce, ...new Uint8Array(sealed)]));
    },
    // Null for what is not ours or was damaged: a draft is a help, never a reason to stop.
    async unseal(text) {
      try {
        const bytes = fromBase64(text);
        const open = { name: "AES-GCM", iv: bytes.slice(0, 12) };
        return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(open, key, bytes.slice(12))));
      } catch {
        return null;
      }
    },
  };
}
