// Buttons with data-copy put their text on the clipboard and say so for a moment. Where a page may not (no HTTPS), they
// stay hidden.

const SAID_MS = 2000;

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.querySelector("span");
  const idle = label.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = button.dataset.copied;
    setTimeout(() => (label.textContent = idle), SAID_MS);
  });
}
