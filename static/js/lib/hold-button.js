// The last step: press and hold. Letting go early records nothing and says so. Space and Enter can be held too;
// in two-step mode, and for screen readers that can only click, it is press, then press again within CONFIRM_MS.

const HOLD_MS = 1200;
const CONFIRM_MS = 5000;
const KEYS = [" ", "Enter"];

/**
 * Make `button` (with a `[data-label]` inside) a hold button; `data-hold-ms` and `data-hold-mode="two-step"` on it.
 * `words`: {held, early, confirm}; `onHeld()` once per complete hold; `say(sentence)` is told about the early release.
 * Returns {label(sentence), reset()}.
 */
export function hold(button, { words, onHeld, say = () => {} }) {
  const ms = Number(button.dataset.holdMs) || HOLD_MS;
  const label = button.querySelector("[data-label]");
  let idle = label.textContent;
  let timer = null;
  let isAsking = false;
  let wasHeldByPointer = false;

  button.style.setProperty("--hold-time", `${ms}ms`);
  const show = (sentence) => (label.textContent = sentence);

  function begin() {
    if (timer || button.disabled) return;
    button.classList.add("is-held");
    show(words.held);
    timer = setTimeout(finish, ms);
  }
  function release() {
    if (!timer) return;
    reset();
    say(words.early);
  }
  function finish() {
    reset();
    if (!button.disabled) onHeld();
  }
  function ask() {
    if (isAsking) return finish();
    isAsking = true;
    show(words.confirm);
    timer = setTimeout(release, CONFIRM_MS);
  }
  function reset() {
    clearTimeout(timer);
    timer = null;
    isAsking = false;
    button.classList.remove("is-held");
    show(idle);
  }

  const isTwoStep = () => button.dataset.holdMode === "two-step";
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || isTwoStep()) return;
    wasHeldByPointer = true;
    button.setPointerCapture(event.pointerId);
    begin();
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"])
    button.addEventListener(name, () => isTwoStep() || isAsking || release());
  button.addEventListener("keydown", (event) => {
    if (!KEYS.includes(event.key) || isTwoStep()) return;
    event.preventDefault(); // no click
    if (!event.repeat && !isAsking) begin();
  });
  button.addEventListener("keyup", (event) => {
    if (!KEYS.includes(event.key) || isTwoStep()) return;
    event.preventDefault();
    if (!isAsking) release();
  });
  button.addEventListener("blur", release);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!wasHeldByPointer && !button.disabled) ask();
    wasHeldByPointer = false;
  });

  return {
    label(sentence) {
      idle = sentence;
      if (!timer) show(sentence);
    },
    reset,
  };
}
