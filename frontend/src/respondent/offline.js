// Registers the service worker and gives it this page and its two files, once somebody has begun to answer.
import { questionnaire } from "./page.js";

export async function keepPageForOffline() {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  try {
    await navigator.serviceWorker.register(questionnaire.urls.worker);
    const files = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((file) => file.href || file.src);
    const cache = await caches.open("santesurvey-page-1");
    await cache.addAll([location.origin + location.pathname, ...files]);
  } catch {
    // A private window or a full disk: the open page goes on working without network all the same.
  }
}
