// Entry script for old phones whose browsers cannot run the page's modules: the page reloads itself, as it does without
// scripts. It is written in old JavaScript for these browsers.
(function () {
  var RELOAD_MS = 15000;
  if ("AbortSignal" in window && "timeout" in window.AbortSignal) return;
  document.body.setAttribute("data-live", "");
  /** @type {number | undefined} */
  var timer;
  function wait() {
    clearTimeout(timer);
    timer = setTimeout(function () {
      location.reload();
    }, RELOAD_MS);
  }
  document.addEventListener("input", wait); // a reload would delete the input
  wait();
})();
