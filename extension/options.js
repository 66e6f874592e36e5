// Port and key, kept in this browser and tried at once.

import { ask } from "./ask.js";
import { forgetKey, keep, settings } from "./settings.js";
import { say, speak } from "./words.js";

const place = (id) => document.getElementById(id);
let now = await settings();
let shown = "";

function tell(key) {
  shown = key;
  place("said").textContent = key ? say(now.lang, key) : "";
}

function draw() {
  speak(now.lang, "options_title");
  tell(shown);
}

place("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const port = Number(place("port").value.trim());
  const key = place("key").value.trim();
  if (!(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    tell("port_wrong");
    place("port").focus();
    return;
  }
  if (!key) {
    tell("key_wrong");
    place("key").focus();
    return;
  }
  await keep({ port, key });
  now = await settings();
  tell("working");
  const answer = await ask("你好", now);
  tell(answer.problem ? `problem_${answer.problem}` : "works");
});

place("forget").addEventListener("click", async () => {
  await forgetKey();
  now = await settings();
  place("key").value = "";
  tell("forgotten");
});

place("other").addEventListener("click", async () => {
  await keep({ lang: now.lang === "zh" ? "en" : "zh" });
  now = await settings();
  draw();
});

place("port").value = String(now.port);
place("key").value = now.key;
draw();
