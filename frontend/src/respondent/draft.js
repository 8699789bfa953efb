// The draft: kept on this device at every change, sent encrypted to the server now and then, never by paging.
import { post, questionnaire } from "./page.js";
import { canEncrypt, openVault } from "./vault.js";

const PAUSE = 20_000; // between two uploads
const PREFIX = "santesurvey:";

function store(kind) {
  try {
    const place = window[kind];
    place.setItem(`${PREFIX}?`, "1");
    place.removeItem(`${PREFIX}?`);
    return place;
  } catch {
    return null; // forbidden by the browser's settings
  }
}

// onState receives "saved" (on the server too), "saved_here", "offline", "this_tab" or "not_kept".
export async function openDraft(code, onState) {
  const vault = canEncrypt() ? await openVault(code, questionnaire.slug) : null;
  // Without encryption nothing is left behind: the tab's own storage goes with the tab.
  const place = store(vault ? "localStorage" : "sessionStorage");
  const key = `${PREFIX}${vault ? vault.name : questionnaire.slug}`;
  const { urls } = questionnaire;

  let content = null; // what is to be kept
  let writing = null; // the write that is running
  let sealed = null; // its latest result
  let unsent = false;
  let timer = 0;
  let over = false;

  async function local() {
    const text = place?.getItem(key);
    if (!text) return null;
    return vault ? vault.unseal(text) : JSON.parse(text);
  }

  async function remote() {
    if (!vault) return null;
    const { status, data } = await post(urls.read, { key: vault.name });
    return status === 200 && data.ciphertext ? vault.unseal(data.ciphertext) : null;
  }

  async function write() {
    while (content && !over) {
      const next = content;
      content = null;
      sealed = vault ? await vault.seal(next) : JSON.stringify(next);
      if (over) return;
      try {
        place?.setItem(key, sealed);
      } catch {
        // The device is full: the server still has its copy.
      }
      unsent = Boolean(vault);
    }
  }

  async function upload(options) {
    timer = 0;
    if (!unsent || !sealed || over) return;
    unsent = false;
    const pages = api.newPages();
    const content = { code, key: vault.name, ciphertext: sealed, pages };
    const { status } = await post(urls.save, content, options);
    if (over) return;
    if (status === 204) {
      api.pagesCounted(pages);
      onState("saved");
    } else if (status === 0 || status >= 500) {
      unsent = true;
      onState("offline");
      timer ||= setTimeout(upload, PAUSE);
    }
  }

  const api = {
    newPages: () => [],
    pagesCounted: () => {},
    key: vault?.name ?? null,

    // The newer of the copies here and on the server.
    async newest() {
      const [here, there] = await Promise.all([local().catch(() => null), remote()]);
      if (!here || !there) return here ?? there;
      return there.count > here.count ? there : here;
    },

    // Resolves once *draft* is on this device.
    save(draft) {
      if (over) return Promise.resolve();
      content = draft;
      writing = (writing ?? Promise.resolve()).then(write);
      if (!place && !vault) onState("not_kept");
      else if (!vault) onState("this_tab");
      else onState(navigator.onLine === false ? "offline" : place ? "saved_here" : "not_kept");
      if (vault) timer ||= setTimeout(upload, PAUSE);
      return writing;
    },

    // As the page is hidden or left: what is not on the server goes now, and the browser lets it finish.
    flush() {
      clearTimeout(timer);
      return upload({ keepalive: true });
    },

    // After the submission: nothing may stay on this device.
    forget() {
      over = true;
      clearTimeout(timer);
      place?.removeItem(key);
    },
  };
  return api;
}
