/* The hall page. What is typed lies in localStorage until the server has confirmed it: a lost connection, a closed
   lid or a second laptop loses nothing. Each row has an id of its own making, so sending it twice is once. */
(function () {
  "use strict";
  const hall = document.getElementById("hall");
  if (!hall) return;
  const settings = JSON.parse(document.getElementById("hall-settings").textContent);
  const first = JSON.parse(document.getElementById("hall-state").textContent);
  const csrf = document.querySelector('meta[name="csrf-token"]');
  const prefix = "hall:" + settings.meeting + ":";
  const FIELDS = {
    line: ["speaker_category", "question", "answer", "asked_at", "issue", "removed"],
    instruction: ["text", "organisation", "post", "due_on"],
    audience: ["present"],
    clock: ["at"],
  };
  const EMPTY = { question: "", answer: "", text: "", organisation: "", post: "", speaker_category: "residents", removed: false };
  const word = (name) => hall.dataset["text" + name] || "";
  const one = (selector, from) => (from || hall).querySelector(selector);
  const all = (selector, from) => Array.from((from || hall).querySelectorAll(selector));
  const empty = (name) => (name in EMPTY ? EMPTY[name] : null);

  /* -- Rows: what is typed here (mine) and what the server last told (base) ---------------------- */
  const rows = new Map();
  const nodes = new Map();
  const keyOf = (kind, id) => kind + ":" + id;
  function row(kind, id) {
    const key = keyOf(kind, id);
    if (!rows.has(key)) rows.set(key, { kind: kind, id: id, line: null, mine: {}, base: {}, clash: {}, refused: "", gone: false, born: false });
    return rows.get(key);
  }
  const mineOf = (item, name) => (name in item.mine ? item.mine[name] : empty(name));
  const baseOf = (item, name) => (name in item.base ? item.base[name] : empty(name));
  const dirty = (item) => FIELDS[item.kind].filter((name) => mineOf(item, name) !== baseOf(item, name) && !(name in item.clash));
  const waits = (item) => !item.refused && (item.gone || (item.born === true && dirty(item).length > 0) || (item.born === false && dirty(item).length > 0));
  const unsaved = (item) => item.gone || FIELDS[item.kind].some((name) => mineOf(item, name) !== baseOf(item, name));

  function keep(item) {
    const key = prefix + keyOf(item.kind, item.id);
    try {
      if (unsaved(item)) localStorage.setItem(key, JSON.stringify({ kind: item.kind, id: item.id, line: item.line, mine: item.mine, base: item.base, gone: item.gone }));
      else localStorage.removeItem(key);
    } catch (error) { /* A full or forbidden store: the row still lives in this page. */ }
  }
  function restore() {
    Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach((key) => {
      try {
        const kept = JSON.parse(localStorage.getItem(key));
        if (!FIELDS[kept.kind]) return;
        Object.assign(row(kept.kind, kept.id), { line: kept.line, mine: kept.mine, base: kept.base, gone: kept.gone });
      } catch (error) { localStorage.removeItem(key); }
    });
  }
  function set(item, name, value) {
    item.mine[name] = value;
    item.refused = "";
    keep(item);
    soon();
  }

  /* -- Sending ----------------------------------------------------------------------------------- */
  let timer = null;
  let sending = false;
  let again = 2000;
  let trouble = "";
  function soon(delay) {
    show();
    window.clearTimeout(timer);
    timer = window.setTimeout(send, delay === undefined ? 600 : delay);
  }
  function changesOf(list) {
    return list.map((item) => {
      const names = dirty(item);
      const values = {};
      const was = {};
      names.forEach((name) => { values[name] = mineOf(item, name); was[name] = baseOf(item, name); });
      if (item.kind === "clock") { values.event = item.id; values.at = item.mine.at || ""; }
      if (item.kind === "audience") values.category = item.id;
      if (item.gone) values.removed = true;
      return { key: keyOf(item.kind, item.id), kind: item.kind, id: item.id, line: item.line, values: values, was: was };
    });
  }
  async function send() {
    if (!settings.types || sending) return;
    // Lines first: an instruction names the line that it belongs to.
    const order = ["line", "instruction", "audience", "clock"];
    const list = Array.from(rows.values()).filter(waits).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)).slice(0, 100);
    sending = true;
    const sent = changesOf(list);
    try {
      const response = await fetch(list.length ? settings.save : settings.read, list.length ? {
        method: "POST", credentials: "same-origin", redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf ? csrf.content : "" },
        body: JSON.stringify({ changes: sent }),
      } : { credentials: "same-origin", redirect: "manual" });
      if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) { trouble = "Login"; throw new Error("login"); }
      const type = response.headers.get("Content-Type") || "";
      if (!type.startsWith("application/json")) { trouble = "Error"; throw new Error("answer"); }
      const answer = await response.json();
      if (!response.ok) { trouble = "Error"; hall.dataset.said = answer.error || ""; throw new Error("refused"); }
      trouble = "";
      again = 2000;
      sent.forEach((change) => confirm(change, answer));
      merge(answer.state);
      sending = false;
      soon(Array.from(rows.values()).some(waits) ? 300 : 5000);
    } catch (error) {
      if (!trouble || error instanceof TypeError) trouble = "Offline";
      sending = false;
      again = Math.min(again * 1.6, 15000);
      soon(again);
    }
  }
  function confirm(change, answer) {
    const item = rows.get(change.key);
    if (!item) return;
    const clash = (answer.clashes || {})[change.key];
    const refused = (answer.refused || {})[change.key];
    if (refused) { item.refused = refused; keep(item); return; }
    if (item.gone && item.kind === "instruction") { rows.delete(change.key); localStorage.removeItem(prefix + change.key); drop(change.key); return; }
    Object.keys(change.values).forEach((name) => {
      if (!FIELDS[item.kind].includes(name)) return;
      if (clash && name in clash) item.clash[name] = clash[name];
      else item.base[name] = change.values[name];
    });
    item.born = true;
    keep(item);
  }

  /* -- What the server tells: never over what is typed here and not yet there ---------------------- */
  function merge(state) {
    if (!state) return;
    state.lines.forEach((line) => take("line", line.id, line, null, line.order));
    state.instructions.forEach((given) => take("instruction", given.id, given, given.line));
    const there = new Set(state.instructions.map((given) => keyOf("instruction", given.id)));
    rows.forEach((item, key) => { if (item.kind === "instruction" && item.born && !there.has(key) && !unsaved(item)) { rows.delete(key); drop(key); } });
    Object.keys(state.present).forEach((category) => take("audience", category, { present: state.present[category] }));
    ["started", "report_started", "report_ended", "ended"].forEach((event) => {
      const item = row("clock", event);
      if (state.clock[event]) { item.mine.at = item.base.at = state.clock[event]; item.born = true; item.refused = ""; keep(item); }
    });
    planned = state.clock.planned_minutes;
    draw();
  }
  function take(kind, id, told, line, order) {
    const item = row(kind, id);
    const typed = new Set(dirty(item));
    if (line !== undefined && line !== null) item.line = line;
    if (order) item.order = order;
    FIELDS[kind].forEach((name) => {
      if (typed.has(name) || name in item.clash) return;
      const value = name in told && told[name] !== undefined ? told[name] : empty(name);
      item.mine[name] = item.base[name] = value;
    });
    item.born = true;
    keep(item);
  }

  /* -- Drawing ------------------------------------------------------------------------------------- */
  let planned = first.clock.planned_minutes;
  const list = one("[data-lines]");
  const drop = (key) => { const node = nodes.get(key); if (node) node.remove(); nodes.delete(key); };
  function nodeOf(item) {
    const key = keyOf(item.kind, item.id);
    if (nodes.has(key)) return nodes.get(key);
    const shape = document.getElementById(item.kind + "-template").content.firstElementChild.cloneNode(true);
    shape.dataset.row = key;
    all("[data-field]", shape).forEach((field) => {
      field.disabled = !settings.types;
      field.addEventListener("input", () => { grow(field); set(item, field.dataset.field, field.value === "" && field.dataset.field === "due_on" ? null : field.value); });
    });
    shape.addEventListener("focusin", () => { now = item.kind === "line" ? item.id : item.line; mark(); });
    all("[data-remove], [data-instruct]", shape).forEach((button) => { button.hidden = !settings.types; });
    nodes.set(key, shape);
    return shape;
  }
  function fill(item, node) {
    all("[data-field]", node).forEach((field) => {
      if (field.closest("[data-row]") !== node) return;
      const value = mineOf(item, field.dataset.field);
      const text = value === null || value === undefined ? "" : String(value);
      if (field.value !== text) { field.value = text; grow(field); }
    });
    const box = one("[data-clash]", node);
    const names = Object.keys(item.clash);
    const told = names.map((name) => name + item.clash[name]).join("|") + item.refused;
    if (box && box.dataset.told !== told) {
      box.dataset.told = told;
      box.hidden = !names.length && !item.refused;
      box.replaceChildren();
      if (item.refused) { const said = document.createElement("p"); said.textContent = item.refused; box.append(said); }
      names.forEach((name) => box.append(question(item, name)));
    }
    node.classList.toggle("is-waiting", unsaved(item));
  }
  function question(item, name) {
    const place = document.createElement("div");
    const said = document.createElement("p");
    said.textContent = word("Clash") + " " + (item.clash[name] === null ? "–" : item.clash[name]);
    place.append(said);
    [["Mine", () => { item.base[name] = item.clash[name]; }], ["Theirs", () => { item.base[name] = item.mine[name] = item.clash[name]; }]].forEach((pair) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-primary";
      button.textContent = word(pair[0]);
      button.addEventListener("click", () => { pair[1](); delete item.clash[name]; keep(item); draw(); soon(0); });
      place.append(button, " ");
    });
    return place;
  }
  function grow(field) {
    if (field.tagName !== "TEXTAREA") return;
    field.rows = Math.min(12, Math.max(2, field.value.split("\n").length, Math.ceil(field.value.length / 60)));
  }
  let now = null;
  function draw() {
    const lines = Array.from(rows.values()).filter((item) => item.kind === "line" && !mineOf(item, "removed"));
    const late = Number.MAX_SAFE_INTEGER;
    lines.sort((a, b) => (b.order || late) - (a.order || late) || String(mineOf(b, "asked_at")).localeCompare(String(mineOf(a, "asked_at"))));
    lines.forEach((item, index) => {
      const node = nodeOf(item);
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] || null);
      fill(item, node);
      one("[data-number]", node).textContent = "№ " + (lines.length - index);
      one("[data-asked]", node).textContent = clockOf(mineOf(item, "asked_at"));
    });
    rows.forEach((item, key) => { if (item.kind === "line" && mineOf(item, "removed")) drop(key); });
    rows.forEach((item) => {
      if (item.kind !== "instruction" || item.gone) return;
      const host = nodes.get(keyOf("line", item.line));
      if (!host) return;
      const node = nodeOf(item);
      if (node.parentElement !== one("[data-given]", host)) one("[data-given]", host).append(node);
      fill(item, node);
    });
    one("[data-empty]").hidden = lines.length > 0;
    one("[data-count]").textContent = String(lines.filter((item) => mineOf(item, "question")).length);
    all("[data-present]").forEach((box) => {
      const value = mineOf(row("audience", box.dataset.present), "present");
      if (document.activeElement !== box) box.value = value === null ? "" : String(value);
    });
    one("[data-present-all]").textContent = String(all("[data-present]").reduce((sum, box) => sum + (Number(box.value) || 0), 0));
    const asked = new Set(lines.map((item) => mineOf(item, "issue")).filter(Boolean));
    all("[data-agenda]").forEach((point) => point.classList.toggle("is-done", asked.has(Number(point.dataset.agenda))));
    mark();
    show();
  }
  function mark() {
    nodes.forEach((node, key) => node.classList.toggle("is-now", key === "line:" + now));
    const item = now ? rows.get("line:" + now) : null;
    all("[data-agenda]").forEach((point) => point.classList.toggle("is-now", Boolean(item) && mineOf(item, "issue") === Number(point.dataset.agenda)));
  }
  function show() {
    const count = Array.from(rows.values()).filter(unsaved).length;
    const place = one("[data-status]");
    const text = trouble === "Login" ? word("Login") : trouble === "Error" ? (hall.dataset.said || word("Error")) : trouble === "Offline" ? word("Offline").replace("#", count) : count ? word("Waiting").replace("#", count) : word("Saved");
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("is-waiting", !trouble && count > 0);
    place.classList.toggle("is-offline", Boolean(trouble));
  }

  /* -- Clock ----------------------------------------------------------------------------------------- */
  const two = (value) => String(value).padStart(2, "0");
  const clockOf = (text) => { if (!text) return ""; const day = new Date(text); return two(day.getHours()) + ":" + two(day.getMinutes()); };
  const at = (event) => { const item = rows.get("clock:" + event); return item && item.mine.at ? new Date(item.mine.at) : null; };
  const span = (ms) => { const all_ = Math.max(0, Math.floor(ms / 1000)); return Math.floor(all_ / 60) + ":" + two(all_ % 60); };
  function tick() {
    const day = new Date();
    one("[data-now]").textContent = two(day.getHours()) + ":" + two(day.getMinutes()) + ":" + two(day.getSeconds());
    const quarter = planned / 4;
    const began = at("report_started");
    const ended = at("report_ended");
    if (began) {
      const spent = (ended || day) - began;
      const left = quarter * 60000 - spent;
      one("[data-report]").max = quarter * 60;
      one("[data-report]").value = Math.min(spent / 1000, quarter * 60);
      one("[data-report-text]").textContent = span(spent) + " · " + (left >= 0 ? span(left) + " " + word("Left") : "⚠ " + span(-left) + " " + word("Over"));
      one(".hall-report").classList.toggle("is-over", left < 0);
    }
    const start = at("started");
    one("[data-since]").textContent = start ? span((at("ended") || day) - start) : "–";
    ["started", "report_started", "report_ended", "ended"].forEach((event) => {
      const place = one('[data-at="' + event + '"]');
      if (!place) return;
      const when = at(event);
      place.textContent = when ? clockOf(when.toISOString()) : "";
      place.closest("button").setAttribute("aria-pressed", when ? "true" : "false");
    });
  }

  /* -- Hands ----------------------------------------------------------------------------------------- */
  function uuid() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (value) => two(value.toString(16)).slice(-2)).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
  function next(issue) {
    const item = row("line", uuid());
    item.mine.asked_at = new Date().toISOString();
    if (issue) item.mine.issue = issue;
    now = item.id;
    keep(item);
    draw();
    one('[data-field="question"]', nodes.get(keyOf("line", item.id))).focus();
    soon();
  }
  function instruct(line) {
    const item = row("instruction", uuid());
    item.line = line;
    draw();
    one("[data-field]", nodes.get(keyOf("instruction", item.id))).focus();
  }
  hall.addEventListener("click", (event) => {
    const press = event.target.closest("[data-press]");
    if (press && !at(press.dataset.press)) { set(row("clock", press.dataset.press), "at", new Date().toISOString()); tick(); }
    if (event.target.closest("[data-next]")) next(null);
    const taken = event.target.closest("[data-take]");
    if (taken) next(Number(taken.dataset.take));
    const place = event.target.closest("[data-row]");
    if (!place) return;
    const item = rows.get(place.dataset.row);
    if (event.target.closest("[data-instruct]")) instruct(item.id);
    if (event.target.closest("[data-remove]")) {
      if (item.kind === "line") set(item, "removed", true);
      else if (item.born) { item.gone = true; keep(item); drop(place.dataset.row); soon(); }
      else { rows.delete(place.dataset.row); localStorage.removeItem(prefix + place.dataset.row); drop(place.dataset.row); }
      draw();
      const button = one("[data-next]");
      if (button) button.focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!settings.types || !(event.ctrlKey || event.metaKey)) return;
    if (event.key === "Enter") { event.preventDefault(); next(null); }
    if ((event.key === "i" || event.key === "ш" || event.key === "I" || event.key === "Ш") && now) { event.preventDefault(); instruct(now); }
  });
  all("[data-present]").forEach((box) => box.addEventListener("input", () => {
    const value = box.value === "" ? null : Math.max(0, Math.min(100000, Math.floor(Number(box.value)) || 0));
    set(row("audience", box.dataset.present), "present", value);
    one("[data-present-all]").textContent = String(all("[data-present]").reduce((sum, each) => sum + (Number(each.value) || 0), 0));
  }));
  window.addEventListener("online", () => soon(0));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(0); });

  restore();
  merge(first);
  tick();
  window.setInterval(tick, 1000);
  if (settings.types) soon(0);
})();
