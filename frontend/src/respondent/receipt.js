// The receipt, where it is shown and where it is typed.
import { byId } from "./page.js";

// Buttons beside a receipt that the page shows: copy, print, keep as a file.
export function receiptButtons(receipt, { copied = "", file = "recu", content = receipt } = {}) {
  const row = document.querySelector("[data-with-script]");
  row.hidden = false;
  const copy = byId("copy-receipt");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(receipt);
    if (copied) copy.textContent = copied;
  });
  byId("print-receipt").addEventListener("click", () => window.print());
  const download = byId("download-receipt");
  download.href = URL.createObjectURL(new Blob([content], { type: "text/plain;charset=utf-8" }));
  download.download = `${file}.txt`;
}

// The page that opens a receipt: its link carries it in the fragment, which no server sees.
export function receiptField() {
  const field = byId("receipt");
  if (field && !field.value && location.hash.length > 1) field.value = decodeURIComponent(location.hash.slice(1));
}
