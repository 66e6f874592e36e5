// On every page: leave at once by pressing Esc three times. Everything works without this file.
"use strict";
(() => {
  const leaveForm = document.getElementById("leave");
  const presses = [];
  const leave = () => {
    document.title = "";
    document.documentElement.replaceChildren();
    fetch("/leave", { method: "POST", keepalive: true, redirect: "manual" }).finally(() => {
      location.replace("about:blank");
    });
  };
  leaveForm.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    // an input method uses Esc to drop what is being composed: that is not a wish to leave
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    const now = event.timeStamp;
    presses.push(now);
    while (presses.length > 3) presses.shift();
    if (presses.length === 3 && now - presses[0] <= 2000) leave();
  });
  // after going back to a page from the browser's memory, ask again: the session may have ended
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
