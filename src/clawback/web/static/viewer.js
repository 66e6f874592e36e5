// The viewer of one exhibit: brings the marked place into view, zooms without a new page, and walks with [ and ].
// Everything works without this file: zoom and walk are links.
"use strict";
(() => {
  const sheet = document.querySelector(".ev-sheet");
  const links = [...document.querySelectorAll(".ev-tools a[data-zoom]")];
  const centre = () => {
    const box = document.getElementById("box");
    if (!sheet || !box) return;
    const at = box.getBoundingClientRect();
    const frame = sheet.getBoundingClientRect();
    sheet.scrollTop += at.top - frame.top - (frame.height - at.height) / 2;
    sheet.scrollLeft += at.left - frame.left - (frame.width - at.width) / 2;
  };
  const zoom = (wanted) => {
    sheet.dataset.zoom = wanted;
    for (const link of links) {
      if (link.dataset.zoom === wanted) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const image = sheet.querySelector("image");
    if (wanted !== "1") image.setAttribute("href", image.getAttribute("href").replace(/side=\d+/, "side=3200"));
    centre();
  };
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      zoom(link.dataset.zoom);
    });
  }
  // single keys act only while the picture has the focus, so that nothing else on the page is touched
  sheet?.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = ["1", "2", "4"];
    const now = steps.indexOf(sheet.dataset.zoom);
    if (event.key === "+" || event.key === "=") zoom(steps[Math.min(now + 1, 2)]);
    else if (event.key === "-") zoom(steps[Math.max(now - 1, 0)]);
    else if (event.key === "0") zoom("1");
    else if (event.key === "[") document.querySelector(".ev-walk a[rel=prev]")?.click();
    else if (event.key === "]") document.querySelector(".ev-walk a[rel=next]")?.click();
  });
  centre();
  const here = document.getElementById("here") ?? (sheet ? null : document.querySelector(".here"));
  here?.scrollIntoView({ block: "center" });
})();
