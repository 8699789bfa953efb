// Shows the questionnaire again when the browser is reopened without network. Sees only /q/ and the two files of the
// page; keeps nothing else, and nothing that a respondent wrote (drafts are kept, encrypted, by the page itself).
const CACHE = "santesurvey-page-1";
const PAGE = /^\/q\/[-a-z0-9]+(\/[a-z]{2})?$/;
const ASSET = /\/respondent(\.[0-9a-z]+)?\.(css|js)$/;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || url.search) return;
  if (!PAGE.test(url.pathname) && !ASSET.test(url.pathname)) return;
  event.respondWith(fromNetwork(event.request, url.origin + url.pathname));
});

// The network first, the copy when there is none. The copy's name has no fragment: no code is kept in it.
async function fromNetwork(request, name) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected) await cache.put(name, response.clone());
    return response;
  } catch (error) {
    const copy = await cache.match(name);
    if (copy) return copy;
    throw error;
  }
}
