// Shows what the Clawback on this machine says of a text. Whatever comes back is put in as text only.

import { ask } from "./ask.js";
import { keep, settings } from "./settings.js";
import { say, speak } from "./words.js";

const RESULTS = ["likely", "some", "none", "cannot"];
const place = (id) => document.getElementById(id);
let now = await settings();
let last = null; // { text, answer }
let asked = 0;

function made(tag, text, kind) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

// Places count characters, a string of JavaScript counts halves of some of them.
function quotes(text, places) {
  const characters = [...text];
  return [...new Set(places.map(({ start, end }) => characters.slice(start, end).join("")))];
}

function quoted(words) {
  const line = made("span", undefined, "quoted");
  line.translate = false;
  for (const word of words) line.append(made("q", word), " ");
  return line;
}

function reasons({ text, answer }) {
  const list = made("ol");
  for (const signal of answer.signals) {
    const item = made("li");
    item.append(made("strong", signal.name[now.lang]), made("br"));
    const words = quotes(text, signal.places);
    item.append(words.length ? quoted(words) : made("span", say(now.lang, "whole"), "quoted"));
    item.append(made("span", signal.means[now.lang], "hint"));
    list.append(item);
  }
  return list;
}

function links(found) {
  const list = made("ul");
  for (const link of found) {
    const item = made("li");
    const shown = made("span", link.shown, "mono");
    shown.translate = false;
    item.append(shown, made("br"));
    item.append(made("strong", say(now.lang, RESULTS.includes(link.result) ? `link_${link.result}` : "link_cannot")));
    if (link.genuine) item.append(made("span", say(now.lang, "genuine", { name: link.genuine[now.lang] }), "hint"));
    for (const sign of link.signs) {
      const line = made("p", undefined, "hint");
      if (sign.piece) line.append(quoted([sign.piece]));
      line.append(sign.why[now.lang]);
      item.append(line);
    }
    list.append(item);
  }
  return list;
}

function verdict({ answer }) {
  const result = RESULTS.includes(answer.result) ? answer.result : "cannot";
  const kind = answer.script ? say(now.lang, "kind", { name: answer.script.name[now.lang] }) : "";
  return [
    made("h2", say(now.lang, `result_${result}`) + kind, `verdict ${result}`),
    made("p", say(now.lang, `advice_${result}`)),
  ];
}

function script(found) {
  const parts = [];
  if (found.next) parts.push(made("p", say(now.lang, "next", { what: found.next[now.lang] })));
  for (const name of ["change", "do"]) {
    parts.push(made("h3", say(now.lang, name)), made("p", found[name][now.lang]));
  }
  return parts;
}

function show() {
  const { answer } = last;
  if (answer.problem) {
    place("result").replaceChildren(made("p", say(now.lang, `problem_${answer.problem}`), "notice"));
    return;
  }
  const parts = [];
  if (answer.crisis) {
    const name = answer.crisis.name[now.lang];
    parts.push(made("p", say(now.lang, "crisis", { name, phone: answer.crisis.phone ?? "" }), "notice"));
  }
  parts.push(...verdict(last));
  if (answer.signals.length) parts.push(made("h3", say(now.lang, "why")), reasons(last));
  if (answer.links.length) parts.push(made("h3", say(now.lang, "links")), links(answer.links));
  if (answer.script) parts.push(...script(answer.script));
  if (answer.cut) parts.push(made("p", say(now.lang, "cut"), "hint"));
  place("result").replaceChildren(...parts);
}

async function check(text) {
  const mine = ++asked;
  if (!text.trim()) {
    last = null;
    place("result").replaceChildren(made("p", say(now.lang, "empty"), "notice"));
    place("text").focus();
    return;
  }
  place("result").replaceChildren(made("p", say(now.lang, "working"), "hint"));
  const answer = await ask(text, now);
  if (mine !== asked) return; // a later question was asked meanwhile
  last = { text, answer };
  show();
}

place("form").addEventListener("submit", (event) => {
  event.preventDefault();
  check(place("text").value);
});
place("settings").addEventListener("click", () => chrome.runtime.openOptionsPage());
place("other").addEventListener("click", async () => {
  await keep({ lang: now.lang === "zh" ? "en" : "zh" });
  now = await settings();
  speak(now.lang, "check_title");
  if (last) show();
});

speak(now.lang, "check_title");
if (location.search === "?asked") {
  const { asked: text } = await chrome.storage.session.get("asked");
  await chrome.storage.session.remove("asked");
  if (typeof text === "string") {
    place("text").value = text;
    check(text);
  }
} else {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  if (tab?.url && /^https?:/.test(tab.url)) {
    place("address").hidden = place("shown").hidden = false;
    place("shown").textContent = tab.url;
    place("address").addEventListener("click", () => {
      place("text").value = tab.url;
      check(tab.url);
    });
  }
}
