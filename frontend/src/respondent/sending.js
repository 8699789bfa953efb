// The submission: sent until the server has answered. Nobody is told "recorded" before it has said so.
import { post, questionnaire } from "./page.js";

const FIRST = 2_000;
const LONGEST = 60_000;

// Resolves to {recorded: true} or {status, data} for an answer that trying again would not change.
// onWaiting(retry) is called each time there was no answer, with a function that tries at once.
export async function deliver(submission, onWaiting) {
  let pause = FIRST;
  for (;;) {
    const { status, data } = await post(questionnaire.urls.submit, submission);
    if ((status === 200 || status === 201) && data.recorded === true) return { recorded: true };
    // A 2xx or 4xx without our own words comes from something between us and the server: a captive portal.
    const ours = "error" in data || "problems" in data;
    if (ours && status >= 400 && status < 500 && status !== 429) return { status, data };
    await new Promise((resume) => {
      const timer = setTimeout(done, pause);
      function done() {
        clearTimeout(timer);
        window.removeEventListener("online", done);
        resume();
      }
      window.addEventListener("online", done);
      onWaiting(done);
    });
    pause = Math.min(LONGEST, pause * 2);
  }
}
