// A button to print, where the page names one; without scripts the browser's own menu prints.
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
