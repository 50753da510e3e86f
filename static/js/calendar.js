/* What only the pages of the calendar need: the list of units that opens while typing, dates taken from a warning,
   selecting holes, one press of a button, a draft that survives a lost session. Words come from the page. */
(function () {
  "use strict";
  const one = (selector, from) => (from || document).querySelector(selector);
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const changed = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

  /* -- A unit chosen by typing (combobox with a listbox) ------------------------------------------ */
  const WAIT_MS = 180;
  const timers = new WeakMap();
  const asked = new WeakMap();
  const parts = (box) => ({ hidden: one("[data-combo-value]", box), text: one("input[role=combobox]", box), list: one("[role=listbox]", box) });
  const options = (list) => all('[role=option]:not([aria-disabled="true"])', list);

  function close(box) {
    const { text, list } = parts(box);
    list.hidden = true;
    text.setAttribute("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
  }
  function activate(box, option) {
    const { text, list } = parts(box);
    options(list).forEach((each) => {
      const is = each === option;
      each.classList.toggle("is-active", is);
      each.setAttribute("aria-selected", String(is));
    });
    if (option) {
      text.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else text.removeAttribute("aria-activedescendant");
  }
  function choose(box, option) {
    const { hidden, text } = parts(box);
    hidden.value = option.dataset.value;
    text.value = option.dataset.text;
    close(box);
    changed(text);
  }
  function look(box) {
    const { text, list } = parts(box);
    const address = new URL(box.dataset.url, window.location.href);
    address.searchParams.set("q", text.value);
    address.searchParams.set("list", list.id);
    const on = box.dataset.depends && text.form && text.form.elements[box.dataset.depends];
    if (on && on.value) address.searchParams.set("holder", on.value);
    const number = (asked.get(box) || 0) + 1;
    asked.set(box, number);
    fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""))
      .then((html) => {
        // A later question was asked meanwhile, or the person has left the field.
        if (!html || asked.get(box) !== number || document.activeElement !== text) return;
        list.innerHTML = html;
        list.hidden = false;
        text.setAttribute("aria-expanded", "true");
        activate(box, options(list)[0]);
      })
      .catch(() => close(box));
  }
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-combo]");
    if (!box || event.target.getAttribute("role") !== "combobox") return;
    parts(box).hidden.value = "";
    window.clearTimeout(timers.get(box));
    timers.set(box, window.setTimeout(() => look(box), WAIT_MS));
  });
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest && event.target.closest("[data-combo]");
    if (!box || event.target.getAttribute("role") !== "combobox") return;
    const { list } = parts(box);
    const open = !list.hidden;
    const found = options(list);
    const now = found.findIndex((each) => each.classList.contains("is-active"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return look(box);
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (found.length) activate(box, found[(now + step + found.length) % found.length]);
    } else if (event.key === "Enter" && open && now >= 0) {
      event.preventDefault();
      choose(box, found[now]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      close(box);
    } else if (event.key === "Tab" && open && now >= 0 && !parts(box).hidden.value) choose(box, found[now]);
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-combo] [role=option]");
    if (!option) return;
    event.preventDefault();
    if (option.getAttribute("aria-disabled") !== "true") choose(option.closest("[data-combo]"), option);
  });
  document.addEventListener("focusout", (event) => {
    const box = event.target.closest && event.target.closest("[data-combo]");
    if (box && !box.contains(event.relatedTarget)) close(box);
  });

  /* -- A date that a warning offers ------------------------------------------------------------------ */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set-field]");
    if (!button) return;
    const field = button.closest("form") && button.closest("form").elements[button.dataset.setField];
    if (!field) return;
    field.value = button.dataset.setValue;
    field.focus();
    changed(field);
  });

  /* -- Cells of the list: Escape leaves -------------------------------------------------------------- */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const form = event.target.closest && event.target.closest(".cell-form");
    if (form) one("[data-leave-cell]", form).click();
  });

  /* -- Holes of the board ----------------------------------------------------------------------------- */
  function countHoles(form) {
    const count = all("input[name=cell]:checked", form).length;
    all("[data-cells-count]", form).forEach((node) => { node.textContent = count ? " (" + count + ")" : ""; });
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-cells]");
    if (form) countHoles(form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-cells-all]");
    if (!button) return;
    const form = button.closest("[data-cells]");
    const boxes = all("input[name=cell]", form);
    const every = boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = !every; });
    countHoles(form);
  });
  // A board that is read anew opens the raions that stood open.
  let opened = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "calendar-body") opened = all("details.board-part[open]", event.detail.target).map((part) => part.id);
  });
  document.addEventListener("htmx:afterSettle", () => {
    opened.forEach((id) => {
      const part = document.getElementById(id);
      if (part && !part.open) part.open = true;
    });
    opened = [];
  });

  /* -- Keeping "theirs" shows the page as it stands ---------------------------------------------------- */
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-refresh-calendar]")) return;
    document.body.dispatchEvent(new Event("panelClose"));
    document.body.dispatchEvent(new Event("calendarChanged"));
  });

  /* -- One press, one step ------------------------------------------------------------------------------ */
  document.addEventListener("submit", (event) => {
    // A question is asked first: this is not the press yet.
    if (event.defaultPrevented) return;
    const form = event.target;
    const button = event.submitter;
    if (button && button.matches("[data-working]")) button.classList.add("is-working");
    if (!form.matches("[data-once]") || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "yes";
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches || !form.matches("form[data-once]") || event.detail.requestConfig.verb === "get") return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "yes";
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches || !form.matches("form")) return;
    delete form.dataset.sent;
    all(".is-working", form).forEach((button) => button.classList.remove("is-working"));
  });
  window.addEventListener("pageshow", () => {
    all("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
    all(".is-working").forEach((button) => button.classList.remove("is-working"));
  });

  /* -- What was typed survives a lost session or a closed window --------------------------------------- */
  const SKIPPED = ["csrfmiddlewaretoken", "cell", "version", "seen", "pair", "pairs"];
  const store = (form) => "draft:" + form.dataset.draft;
  function typed(form) {
    return Array.from(new FormData(form)).filter(([name]) => !SKIPPED.includes(name));
  }
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !form.dataset.draft) return;
    try { window.sessionStorage.setItem(store(form), JSON.stringify(typed(form))); } catch (error) { /* storage is full or forbidden */ }
  });
  function forget(event) {
    const sent = event.detail.requestConfig;
    if (sent.verb === "post" && event.detail.xhr.status < 300 && sent.elt.dataset.draft) window.sessionStorage.removeItem(store(sent.elt));
  }
  // Before the answer takes the form's place and is asked whether something was kept; after it where nothing is swapped.
  document.body.addEventListener("htmx:beforeSwap", forget);
  document.body.addEventListener("htmx:afterRequest", forget);
  function offer(from) {
    all("form[data-draft]", from).forEach((form) => {
      let kept = null;
      try { kept = JSON.parse(window.sessionStorage.getItem(store(form))); } catch (error) { kept = null; }
      const note = one("[data-draft-note]", form);
      if (note) note.hidden = !kept || JSON.stringify(kept) === JSON.stringify(typed(form));
    });
  }
  document.addEventListener("click", (event) => {
    const back = event.target.closest("[data-draft-back]");
    const drop = event.target.closest("[data-draft-drop]");
    const form = (back || drop) && (back || drop).closest("form");
    if (!form) return;
    if (back) {
      JSON.parse(window.sessionStorage.getItem(store(form)) || "[]").forEach(([name, value]) => {
        const field = form.elements[name];
        if (!field) return;
        if (field.type === "checkbox") field.checked = true;
        else field.value = value;
      });
      changed(form.elements.date || form.elements[0]);
    } else window.sessionStorage.removeItem(store(form));
    one("[data-draft-note]", form).hidden = true;
  });

  /* -- Focus after a piece replaced itself -------------------------------------------------------------- */
  document.body.addEventListener("htmx:load", (event) => {
    const piece = event.detail.elt;
    if (!piece.querySelector) return;
    offer(piece);
    if (!piece.matches(".entry, tr, .cell-form")) return;
    const wanted = one("[data-focus]", piece) || one("input[name=date], input[name=value]", piece);
    if (wanted) wanted.focus();
  });
  offer(document);
})();
