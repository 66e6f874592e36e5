// The emergency card: the screen stays on while the card is open, and the time that has passed is counted on. Only text
// changes, and nothing announces it.
"use strict";
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

const ago = document.getElementById("ago");
if (ago) {
  const opened = Date.now();
  const passed = new Date(ago.dataset.now) - new Date(ago.dataset.since);
  const words = (minutes) => {
    if (minutes < 30) return ago.dataset.fresh;
    if (minutes < 60) return ago.dataset.minutes.replace("{m}", minutes);
    const hours = Math.floor(minutes / 60);
    if (hours < 24) return ago.dataset.hours.replace("{h}", hours).replace("{m}", minutes % 60);
    const days = Math.floor(hours / 24);
    return days === 1 ? ago.dataset.day : ago.dataset.days.replace("{n}", days);
  };
  const count = () => {
    const now = words(Math.max(0, Math.floor((passed + Date.now() - opened) / 60000)));
    if (ago.textContent !== now) ago.textContent = now;
  };
  setInterval(count, 60000);
  document.addEventListener("visibilitychange", count);
}
