// The invitation code stays in the fragment of the address: links to the same survey carry it along, and links
// inside the page must not replace it.
export function keepFragment() {
  for (const link of document.querySelectorAll("a[data-keep]")) {
    link.addEventListener("click", () => (link.hash = location.hash));
    link.addEventListener("auxclick", () => (link.hash = location.hash));
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || link.hasAttribute("download") || event.defaultPrevented) return;
    const target = document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "start" });
  });
}
