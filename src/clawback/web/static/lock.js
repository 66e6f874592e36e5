// Warns a minute before an encrypted case locks itself, and leads to the lock when it has. Typing counts as being here.
"use strict";
(() => {
  const warning = document.getElementById("lock-warning");
  const calling = location.pathname.endsWith("/card");
  const assertive = document.getElementById("assertive");
  const WARN_SECONDS = 60;
  const TYPING_MS = 60000;
  let timer;
  let renewed = performance.now();

  const ask = async (options) => (await (await fetch(warning.dataset.left, options)).json()).seconds;
  const plan = (seconds) => {
    clearTimeout(timer);
    const warn = seconds > WARN_SECONDS;
    show(!warn);
    timer = setTimeout(look, (warn ? seconds - WARN_SECONDS : Math.min(seconds, 5) + 1) * 1000);
  };
  const show = (visible) => {
    if (visible && warning.hidden) assertive.textContent = document.getElementById("lock-words").textContent;
    if (!visible) assertive.textContent = "";
    warning.hidden = !visible;
  };
  const changed = (field) => field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : "defaultValue" in field && field.type !== "file" && field.type !== "hidden" && field.value !== field.defaultValue;
  const leave = () => {
    document.body.hidden = true;
    const form = document.getElementById("main-form");
    if (form && form.method === "post" && [...form.elements].some(changed)) {
      carry(form);
      return;
    }
    const back = new URLSearchParams({ to: location.pathname + location.search });
    document.body.replaceChildren();
    location.replace(`${warning.dataset.unlock}?${back}`);
  };
  // what was being filled in goes through the lock as a change of language does: shown again, nothing saved
  const carry = (form) => {
    for (const field of form.elements) if (field.type === "file") field.disabled = true;
    const speak = document.createElement("input");
    Object.assign(speak, { type: "hidden", name: "speak", value: document.documentElement.lang.slice(0, 2) });
    form.append(speak);
    form.submit();
  };
  // asking does not keep the case open: another window may have been used meanwhile, the server knows
  const look = () => ask().then((seconds) => (seconds > 0 ? plan(seconds) : leave()), leave);
  const stay = () => {
    renewed = performance.now();
    const body = new URLSearchParams(calling ? { calling: "1" } : {});
    ask({ method: "POST", body }).then((seconds) => (seconds > 0 ? plan(seconds) : leave()), leave);
  };
  document.getElementById("lock-stay").addEventListener("click", stay);
  document.addEventListener("input", () => { if (performance.now() - renewed > TYPING_MS) stay(); });
  look();
})();
