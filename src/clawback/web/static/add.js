// Drop the heap: sends files in pieces, goes on after a break, and shows how reading goes.
// Without this file the form sends everything at once.
"use strict";
(() => {
  const PIECE = 4 * 1024 * 1024, HEAD = 64 * 1024, AT_ONCE = 2, MOST_ROWS = 100, LONGEST_WAIT = 15000;
  const $ = (id) => document.getElementById(id);
  const form = $("drop"), rows = $("rows");
  const words = {};
  for (const item of $("add-words").children) words[item.dataset.key] = item.textContent;
  const text = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const base = `/api/v1/cases/${form.dataset.case}/uploads`;
  const size = (count) => {
    const units = ["B", "KB", "MB", "GB"];
    let unit = 0;
    while (count >= 1000 && unit < 3) { count /= 1000; unit += 1; }
    return `${unit === 0 || count >= 100 ? Math.round(count) : count.toFixed(1)} ${units[unit]}`;
  };

  const waiting = [];
  const byNumber = new Map();  // exhibit -> the first row that holds it, until it is read
  const landedAlready = new Map();  // reading may be quicker than the answer that tells the number
  const sum = { files: 0, sealed: 0, known: 0, failed: 0, bytes: 0, sent: 0 };
  let working = 0, paused = false, held = false, offline = false, wake = [];

  // rows: names come from evidence and are only ever text

  const make = (tag, name, words = "") => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = words;
    return made;
  };
  const addRow = (item) => {
    item.row = make("li", "row");
    item.tag = make("span", "tag tag-wait", text("waiting"));
    item.row.append(make("span", "row-name", item.name), item.tag);
    rows.hidden = false;
    rows.prepend(item.row);
    for (let row = rows.lastElementChild; rows.children.length > MOST_ROWS && row;) {
      const before = row.previousElementSibling;
      if (row.dataset.settled) row.remove();
      row = before;
    }
  };
  const mark = (item, kind, state, ...lines) => {
    item.tag.className = `tag tag-${kind}`;
    item.tag.textContent = state;
    for (const line of item.row.querySelectorAll(".row-more")) line.remove();
    item.row.append(...lines.filter(Boolean).map((line) => make("span", "row-more", line)));
  };

  // sums, drawn at most a few times a second

  let drawing = false, told = 0;
  const draw = () => {
    if (drawing) return;
    drawing = true;
    setTimeout(() => {
      drawing = false;
      const over = sum.sealed + sum.failed === sum.files;
      $("sending").hidden = sum.files === 0;
      $("sending-bar").max = Math.max(sum.bytes, 1);
      $("sending-bar").value = over ? Math.max(sum.bytes, 1) : sum.sent;
      $("sending-bar").hidden = over;
      $("pausing").hidden = over;
      $("sending-sealed").textContent = over && sum.failed === 0
        ? text("all_sealed", { n: sum.sealed }) : text("sealed", { n: sum.sealed, total: sum.files });
      const rest = [];
      if (!over) rest.push(text("rest", { sent: size(sum.sent), size: size(sum.bytes) }));
      if (sum.known) rest.push(text("known", { n: sum.known }));
      if (sum.failed) rest.push(text("failed", { n: sum.failed }));
      if (paused && !over) rest.unshift(text("paused"));
      $("sending-rest").textContent = rest.join(" ");
      if (over || Date.now() - told > 10000) {
        told = Date.now();
        $("polite").textContent = $("sending-sealed").textContent;
      }
    }, 200);
  };

  // waiting: for a pause to end, a connection to come back, a moment to pass

  const awake = () => { const all = wake; wake = []; all.forEach((go) => go()); };
  const pass = (ms) => new Promise((go) => { wake.push(go); setTimeout(go, ms); });
  const clear = async () => { while (paused || held) await pass(3600000); };
  const hold = (why, link) => {
    held = true;
    const told = $("held-why");
    told.textContent = why;
    if (link) {
      const away = make("a", "", text("unlock"));
      away.href = link;
      told.append(" ", away);
    }
    $("held").hidden = false;
    $("held-on").hidden = false;
    $("assertive").textContent = why;
  };
  const release = () => { held = false; $("held").hidden = true; $("assertive").textContent = ""; awake(); };
  const setOffline = (now) => {
    if (offline === now) return;
    offline = now;
    if (now) {
      $("held-why").textContent = text("offline", { n: sum.sealed });
      $("held-on").hidden = true;
      $("assertive").textContent = $("held-why").textContent;
    }
    $("held").hidden = !now && !held;
  };

  // asking the server; gives {status, body} and never gives up on a lost connection

  const ask = async (method, path, body, type) => {  // `body`: text, or a piece of a file, never read in here
    for (let wait = 1000; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      await clear();
      let answer;
      try {
        answer = await fetch(base + path, { method, body, headers: type ? { "content-type": type } : {} });
      } catch {
        if (body instanceof Blob) await body.slice(0, 1).arrayBuffer();  // throws if it was the file that failed
        setOffline(true);
        await pass(wait);
        continue;
      }
      setOffline(false);
      const told = answer.status === 204 ? {} : await answer.json().catch(() => null);
      if (told === null) { await pass(wait); continue; }
      const error = told.error || {};
      const full = error.code === "disk_full" || answer.status === 507;
      if (!full && (answer.ok || [400, 404, 413, 415, 422].includes(answer.status) || error.code === "upload_conflict")) {
        return { ok: answer.ok, told, code: error.code, why: error.message };
      }
      if (full) {
        hold(`${error.message} ${text("held_disk", { n: sum.sealed, rest: sum.files - sum.sealed - sum.failed })}`);
      } else if (answer.status === 423) {
        hold(text("held_locked"), `/c/${form.dataset.case}/unlock?to=${encodeURIComponent(location.pathname)}`);
      } else if (answer.status === 403) {
        hold(text("held_session"));
      } else {
        await pass(wait);
      }
    }
  };

  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const headOf = async (file) => {
    const start = await file.slice(0, HEAD).arrayBuffer();  // also tells whether the file can be read at all
    return crypto.subtle ? hex(await crypto.subtle.digest("SHA-256", start)) : "";
  };

  const send = async (item) => {
    const { file } = item;
    const about = { name: item.name, size: file.size, modified: Math.trunc(file.lastModified), head: await headOf(file) };
    for (let tries = 0; tries < 4; tries += 1) {
      const begun = await ask("POST", "", JSON.stringify(about), "application/json");
      if (!begun.ok) return fail(item, begun.why);
      let state = begun.told;
      for (;;) {
        progress(item, state.offset);
        const piece = file.slice(state.offset, state.offset + PIECE);
        if (state.offset + piece.size === file.size) mark(item, "wait", text("sealing"));
        const got = await ask("PATCH", `/${state.id}?offset=${state.offset}`, piece, "application/octet-stream");
        if (got.ok) {
          state = got.told;
          if (state.sealed) return done(item, state.sealed);
          continue;
        }
        if (got.code !== "upload_conflict") {
          if (got.code === "upload_unknown" || got.code === "upload_spoilt") break;  // begin again
          return fail(item, got.why);
        }
        await pass(1000);
        const now = await ask("GET", `/${state.id}`);
        if (!now.ok) break;
        state = now.told;
      }
    }
    return fail(item, text("changed"));
  };
  const progress = (item, offset) => {
    sum.sent += offset - item.sent;
    item.sent = offset;
    const percent = item.file.size ? Math.floor((100 * offset) / item.file.size) : 0;
    mark(item, "wait", text("sending", { percent }));
    draw();
  };
  const done = (item, sealed) => {
    sum.sent += item.file.size - item.sent;
    sum.sealed += 1;
    $("reading-all").hidden = true;  // told anew when all is read
    sum.known += sealed.known ? 1 : 0;
    item.row.dataset.settled = "1";
    item.file = null;
    if (sealed.known) {
      mark(item, "done", text("twice"));
    } else {
      mark(item, "good", text("kept"));
      byNumber.set(sealed.number, item);
      if (landedAlready.has(sealed.number)) settle(landedAlready.get(sealed.number));
    }
    draw();
    listen();
  };
  const fail = (item, why) => {
    sum.failed += 1;
    sum.sent += item.file.size - item.sent;
    mark(item, "needs", text("refused"), why);
    draw();
  };

  const work = async () => {
    if (working >= AT_ONCE) return;
    working += 1;
    for (let item = waiting.shift(); item; item = waiting.shift()) {
      addRow(item);
      try {
        await send(item);
      } catch {
        fail(item, text("changed"));
      }
    }
    working -= 1;
  };
  const take = (files) => {
    for (const { file, name } of files) {
      waiting.push({ file, name, sent: 0 });
      sum.files += 1;
      sum.bytes += file.size;
    }
    draw();
    for (let i = 0; i < AT_ONCE; i += 1) work();
  };

  // where files come from

  const pick = (input) => {
    take(Array.from(input.files, (file) => ({ file, name: file.webkitRelativePath || file.name })));
    input.value = "";
  };
  for (const id of ["files", "folder", "photo"]) $(id).addEventListener("change", () => pick($(id)));
  for (const button of document.querySelectorAll("[data-pick]")) {
    button.addEventListener("click", () => $(button.dataset.pick).click());
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); pick($("files")); });

  const list = async (reader) => {
    const all = [];
    for (;;) {
      const some = await new Promise((good, bad) => reader.readEntries(good, bad));
      if (!some.length) return all;
      all.push(...some);
    }
  };
  const walk = async (entry) => {
    try {
      if (entry.isFile) {
        const file = await new Promise((good, bad) => entry.file(good, bad));
        take([{ file, name: entry.fullPath.replace(/^\/+/, "") }]);
      } else if (entry.isDirectory) {
        for (const inner of await list(entry.createReader())) await walk(inner);
      }
    } catch {
      const item = { file: { size: 0 }, name: entry.fullPath.replace(/^\/+/, ""), sent: 0 };
      sum.files += 1;
      addRow(item);
      fail(item, text("changed"));
    }
  };
  const holdsFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    form.classList.add("drop-over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("drop-over"); });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();  // else the browser would open the file
    form.classList.remove("drop-over");
    const items = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    if (items.some(Boolean)) items.filter(Boolean).forEach(walk);
    else take(Array.from(event.dataTransfer.files, (file) => ({ file, name: file.name })));
  });
  document.addEventListener("paste", (event) => {
    const files = Array.from(event.clipboardData ? event.clipboardData.files : []);
    if (!files.length) return;
    event.preventDefault();
    const time = new Date().toLocaleString("sv").replace(/:/g, ".");
    take(files.map((file) => ({ file, name: file.name === "image.png" ? text("pasted", { time }) : file.name })));
  });

  // pause, go on, connection

  const pause = $("pause");
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = text(paused ? "resume" : "pause");
    draw();
    awake();
  });
  $("held-on").addEventListener("click", release);
  addEventListener("online", awake);

  // reading, as it is told; no connection is kept while nobody looks

  let source = null, last = form.dataset.mark, over = form.dataset.reading !== "1";
  const seen = (event) => { last = event.lastEventId || last; return JSON.parse(event.data); };
  let read = 0, unread = 0;
  const settle = (one) => {
    const item = byNumber.get(one.number);
    if (!item) { landedAlready.set(one.number, one); return; }
    byNumber.delete(one.number);
    landedAlready.delete(one.number);
    if (one.outcome === "ok") { mark(item, "good", text("read"), one.found); return; }
    mark(item, "needs", text(one.outcome), one.found, one.why, one.todo);
    const hand = make("a", "", text("by_hand"));
    hand.href = `/c/${form.dataset.case}/questions`;
    item.row.lastElementChild.append(" ", hand, " ", make("code", "", one.code));
  };
  const listen = () => {
    over = false;
    if (source || document.hidden) return;
    source = new EventSource(`/c/${form.dataset.case}/progress?after=${last}`);
    source.addEventListener("state", (event) => {
      const now = seen(event);
      $("reading").hidden = false;
      $("reading-bar").hidden = !now.running;
      $("reading-bar").max = Math.max(now.total, 1);
      $("reading-bar").value = now.done;
      if (now.error) $("reading-said").textContent = `${text("stopped")} ${now.error}`;
      else if (now.running && now.total) $("reading-said").textContent = text("read_now", now);
    });
    source.addEventListener("landed", (event) => {
      for (const one of seen(event)) {
        if (one.outcome === "ok") read += 1; else unread += 1;
        settle(one);
      }
      $("reading-counts").textContent = text("counts", { read, unread });
      $("reading-counts").hidden = false;
    });
    source.addEventListener("done", (event) => {
      const told = seen(event);
      over = true;
      stop();
      if (!$("reading-said").textContent.startsWith(text("stopped"))) $("reading-said").textContent = told.said;
      $("reading-all").textContent = told.all;
      $("reading-all").hidden = false;
      $("polite").textContent = told.said;
    });
  };
  const stop = () => { if (source) source.close(); source = null; };
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else if (!over) listen(); });

  $("plain").hidden = true;
  $("picks").hidden = false;
  $("drop-here").hidden = false;
  if (!over) listen();
})();
