// <button data-copy="text" data-copied="Copié">: copies, and says so in the button for two seconds.
export function copyButtons(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    if (button.dataset.ready || !navigator.clipboard) continue;
    button.dataset.ready = "1";
    const label = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied || label;
      setTimeout(() => (button.textContent = label), 2000);
    });
  }
}
