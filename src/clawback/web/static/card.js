// The emergency card: a print button, and the screen stays on while the card is open.
"use strict";
const place = document.querySelector("[data-print]");
if (place) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = place.dataset.print;
  button.addEventListener("click", () => window.print());
  place.replaceWith(button);
}
const stayOn = async () => {
  if (!("wakeLock" in navigator) || document.visibilityState !== "visible") return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // not offered, or not now: the card works without it
  }
};
document.addEventListener("visibilitychange", stayOn);
stayOn();
