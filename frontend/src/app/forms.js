// A destructive form asks for the name of what will be lost: <form data-confirm-name="Vague 2"> with an
// <input data-name> and a submit button, which works once the name is written. The server checks it again.
export function nameToConfirm(root) {
  for (const form of root.querySelectorAll("form[data-confirm-name]")) {
    const input = form.querySelector("[data-name]");
    const button = form.querySelector("[type=submit]");
    if (!input || !button || form.dataset.ready) continue;
    form.dataset.ready = "1";
    const check = () => (button.disabled = input.value.trim() !== form.dataset.confirmName);
    input.addEventListener("input", check);
    check();
  }
}

// Filters: <form data-submit-on-change> goes at once when a choice changes; its button is then not needed.
export function submitOnChange(root) {
  for (const form of root.querySelectorAll("form[data-submit-on-change]")) {
    if (form.dataset.ready) continue;
    form.dataset.ready = "1";
    form.addEventListener("change", () => form.requestSubmit());
    for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
  }
}
