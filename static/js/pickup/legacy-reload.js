// Old phones whose browsers cannot run the page's modules: the page loads itself anew, as it does without scripts.
// Plain, old JavaScript, for those who have no other.
(function () {
  var AGAIN_MS = 15000;
  if ("AbortSignal" in window && "timeout" in window.AbortSignal) return;
  document.body.setAttribute("data-live", "");
  var timer;
  function wait() {
    clearTimeout(timer);
    timer = setTimeout(function () {
      location.reload();
    }, AGAIN_MS);
  }
  document.addEventListener("input", wait); // a reload would wipe what somebody is writing
  wait();
})();
