/* What pages share: htmx manners, toasts, questions, unsaved text, keys. No library beyond htmx and Bootstrap.
   Every word shown comes from the page, because only the server knows the reader's language. */
(function () {
  "use strict";

  const root = document.documentElement;
  const body = document.body;
  root.classList.add("js");
  const one = (selector, from) => (from || document).querySelector(selector);
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const text = (name) => body.dataset["text" + name] || "";

  /* -- Toasts -------------------------------------------------------------------------------- */
  function toast(detail) {
    const shape = one("#toast-template");
    const place = one("#toasts");
    if (!shape || !place || !detail || !detail.text) return;
    const kind = { success: "success", error: "danger", danger: "danger", warning: "danger" }[detail.kind] || "info";
    const item = shape.content.firstElementChild.cloneNode(true);
    item.classList.add("is-" + kind);
    one("[data-toast-text]", item).textContent = detail.text;
    if (detail.url && detail.action) {
      const link = one("[data-toast-link]", item);
      link.textContent = detail.action;
      link.hidden = false;
      if (detail.post) {
        link.setAttribute("hx-post", detail.url);
        link.setAttribute("hx-swap", "none");
        link.href = detail.url;
        if (window.htmx) window.htmx.process(link);
      } else {
        link.href = detail.url;
      }
    }
    place.append(item);
    if (window.htmx) window.htmx.process(item);
    // Bad news and things to click stay until they are closed; good news leaves by itself.
    if (kind !== "danger") window.setTimeout(() => item.remove(), detail.url ? 15000 : 6000);
    while (place.children.length > 4) place.firstElementChild.remove();
  }
  body.addEventListener("toast", (event) => toast(event.detail));

  /* -- Questions before a step ------------------------------------------------------------------ */
  function ask(source) {
    const box = one("#confirm");
    const question = source.dataset.confirm;
    if (!box || !box.showModal) return Promise.resolve(window.confirm(question));
    const yes = one('[data-answer=yes]', box);
    const no = one('[data-answer=no]', box);
    box.dataset.word = box.dataset.word || yes.textContent;
    one("#confirm-text").textContent = question;
    yes.textContent = source.dataset.confirmYes || box.dataset.word;
    yes.className = "btn " + ("confirmDanger" in source.dataset ? "btn-danger" : "btn-primary");
    return new Promise((resolve) => {
      const back = document.activeElement;
      let answer = false;
      yes.onclick = () => { answer = true; box.close(); };
      no.onclick = () => box.close();
      box.onclose = () => {
        if (back && back.isConnected) back.focus();
        resolve(answer);
      };
      // Later, because the Esc that asked for it would otherwise close it at once.
      window.setTimeout(() => {
        box.showModal();
        ("confirmDanger" in source.dataset ? no : yes).focus();
      }, 0);
    });
  }
  body.addEventListener("htmx:confirm", (event) => {
    const source = event.detail.elt;
    if (!source.dataset || !source.dataset.confirm) return;
    event.preventDefault();
    ask(source).then((sure) => { if (sure) event.detail.issueRequest(true); });
  });
  const isHtmx = (node) => ["get", "post", "put", "patch", "delete"].some((verb) => node.hasAttribute("hx-" + verb));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const source = button && button.dataset.confirm ? button : form;
    if (!source.dataset.confirm || isHtmx(form) || form.dataset.sure) return;
    event.preventDefault();
    ask(source).then((sure) => {
      if (!sure) return;
      form.dataset.sure = "yes";
      form.requestSubmit(button || undefined);
      delete form.dataset.sure;
    });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-confirm][href]");
    if (!link || isHtmx(link)) return;
    event.preventDefault();
    ask(link).then((sure) => { if (sure) window.location.assign(link.href); });
  });

  /* -- Text that is not saved yet ------------------------------------------------------------- */
  const worth = (form) => form && form.matches && form.matches("form[data-keep]");
  document.addEventListener("input", (event) => {
    if (worth(event.target.form)) event.target.form.dataset.touched = "yes";
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && worth(event.target)) delete event.target.dataset.touched;
  });
  const unsaved = (from) => all("form[data-keep][data-touched]", from).length > 0;
  window.addEventListener("beforeunload", (event) => {
    if (unsaved()) { event.preventDefault(); event.returnValue = ""; }
  });

  /* -- Filters and pickers that send themselves ------------------------------------------------ */
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (!form || event.target.matches("input[type=text], input[type=search]")) return;
    if (form.matches(".pickers")) {
      // The picker keeps what else the address says, except the page of a list that is no longer the same.
      const address = new URL(window.location.href);
      new FormData(form).forEach((value, name) => address.searchParams.set(name, value));
      address.searchParams.delete("page");
      window.location.assign(address);
      return;
    }
    form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    // Empty filters do not belong into an address that people send to each other.
    const form = event.target;
    if (form.method !== "get" || !form.matches("[data-autosubmit]")) return;
    all("input, select", form).forEach((field) => { if (field.name && !field.value) field.disabled = true; });
  });
  window.addEventListener("pageshow", () => all("form[data-autosubmit] :disabled").forEach((field) => { field.disabled = false; }));

  /* -- Menus and explanations close by Esc and by a click elsewhere ------------------------------ */
  document.addEventListener("click", (event) => {
    all("details.menu[open], details.why[open]").forEach((box) => { if (!box.contains(event.target)) box.open = false; });
    const close = event.target.closest("[data-close-note]");
    if (close) close.closest(".note").remove();
    if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
    const fold = event.target.closest("[data-unfold]");
    if (fold) fold.setAttribute("aria-expanded", String(fold.parentNode.classList.toggle("is-open")));
    if (event.target.closest("[data-open-keys]")) openKeys();
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.matches("dialog[open]")) event.target.close();
  });

  /* -- Rows that are selected ---------------------------------------------------------------- */
  function countRows(table) {
    const boxes = all("tbody .select input[type=checkbox]", table);
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("is-selected", box.checked));
    const head = one("thead .select input", table);
    if (head) {
      head.checked = chosen.length > 0 && chosen.length === boxes.length;
      head.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
    all('[data-bulk-for="' + table.id + '"]').forEach((bar) => {
      bar.hidden = chosen.length === 0;
      all("[data-bulk-count]", bar).forEach((node) => { node.textContent = String(chosen.length); });
    });
  }
  let lastBox = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest("table[data-select-rows] tbody .select input");
    if (!box) return;
    const boxes = all("tbody .select input", box.closest("table"));
    if (event.shiftKey && lastBox && boxes.includes(lastBox)) {
      const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
    }
    lastBox = box;
    countRows(box.closest("table"));
  });
  document.addEventListener("change", (event) => {
    const head = event.target.closest("table[data-select-rows] thead .select input");
    if (!head) return;
    const table = head.closest("table");
    all("tbody .select input", table).forEach((box) => { box.checked = head.checked; });
    countRows(table);
  });

  /* -- Side panel and dialog --------------------------------------------------------------------- */
  const panel = one("#panel");
  const dialog = one("#dialog");
  const drawer = () => (panel && window.bootstrap ? window.bootstrap.Offcanvas.getOrCreateInstance(panel) : null);
  if (panel) {
    panel.addEventListener("hide.bs.offcanvas", (event) => {
      if (!unsaved(panel)) return;
      event.preventDefault();
      ask({ dataset: { confirm: text("Unsaved"), confirmYes: text("Close") } }).then((sure) => {
        if (!sure) return;
        all("form[data-touched]", panel).forEach((form) => { delete form.dataset.touched; });
        drawer().hide();
      });
    });
    panel.addEventListener("shown.bs.offcanvas", () => focusIn(panel));
  }
  body.addEventListener("panelClose", () => {
    if (!panel) return;
    all("form[data-touched]", panel).forEach((form) => { delete form.dataset.touched; });
    drawer().hide();
  });
  body.addEventListener("dialogClose", () => { if (dialog && dialog.open) dialog.close(); });

  function focusIn(place) {
    const wanted = one("[data-focus], [autofocus]", place) || one("#panel-title, #dialog-title, h1, h2", place);
    if (!wanted) return;
    if (!wanted.matches("a, button, input, select, textarea, [tabindex]")) wanted.tabIndex = -1;
    wanted.focus({ preventScroll: false });
  }

  /* -- htmx ------------------------------------------------------------------------------------ */
  const csrf = one('meta[name="csrf-token"]');
  body.addEventListener("htmx:configRequest", (event) => {
    if (csrf && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrf.content;
  });
  let running = 0;
  const busy = (change) => {
    running = Math.max(0, running + change);
    const line = one("#loading");
    if (line) line.classList.toggle("is-on", running > 0);
  };
  body.addEventListener("htmx:beforeRequest", () => busy(1));
  body.addEventListener("htmx:afterRequest", (event) => {
    busy(-1);
    const form = event.detail.elt.closest ? event.detail.elt.closest("form[data-keep]") : null;
    if (event.detail.successful && form && event.detail.requestConfig.verb !== "get") delete form.dataset.touched;
  });
  body.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target.id === "panel-body" && panel) {
      if (panel.classList.contains("show")) focusIn(panel);
      else if (target.childElementCount) drawer().show();
    } else if (target.id === "dialog-body" && dialog) {
      if (!dialog.open && target.childElementCount) dialog.showModal();
      focusIn(dialog);
    } else if (target.isConnected && one("[data-focus]", target)) {
      focusIn(target);
    }
    own(target);
  });
  body.addEventListener("htmx:sendError", () => toast({ kind: "error", text: text("Offline") }));
  body.addEventListener("htmx:timeout", () => toast({ kind: "error", text: text("Offline") }));
  body.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const type = event.detail.xhr.getResponseHeader("Content-Type") || "";
    // Our own pages answer htmx with one sentence in the reader's language; anything else gets a general one.
    const said = type.startsWith("text/plain") ? event.detail.xhr.responseText.trim() : "";
    const word = { 401: "Session", 403: "Denied", 404: "Gone", 429: "Busy", 502: "Offline", 503: "Offline", 504: "Offline" }[status] || "Error";
    toast({ kind: "error", text: said || text(word) });
  });

  /* -- Messages of fields come from the server, in the reader's language -------------------------- */
  function own(from) {
    all("form", from).forEach((form) => { form.noValidate = true; });
    if (from.matches && from.matches("form")) from.noValidate = true;
    all("table[data-select-rows]", from).forEach(countRows);
  }

  /* -- Chosen files ----------------------------------------------------------------------------- */
  function nameFiles(input) {
    const name = one(".file-name", input.closest(".file-field"));
    name.textContent = Array.from(input.files, (file) => file.name).join(", ") || name.dataset.none;
  }
  document.addEventListener("change", (event) => { if (event.target.matches(".file-field input")) nameFiles(event.target); });
  // A browser that goes back may still hold the file that was chosen.
  window.addEventListener("pageshow", () => all(".file-field input").forEach(nameFiles));

  /* -- Keys ------------------------------------------------------------------------------------- */
  function openKeys() {
    const box = one("#keys");
    if (!box || box.open) return;
    const list = one("[data-keys-list]", box);
    all("[data-own-key]", list).forEach((node) => node.remove());
    const found = document.createDocumentFragment();
    all("[data-key]").forEach((node) => {
      const name = document.createElement("dt");
      const words = document.createElement("dd");
      const sign = document.createElement("kbd");
      sign.textContent = node.dataset.key;
      name.append(sign);
      words.textContent = node.dataset.keyText || node.textContent.trim() || node.getAttribute("aria-label") || "";
      name.dataset.ownKey = words.dataset.ownKey = "yes";
      found.append(name, words);
    });
    list.prepend(found);
    box.showModal();
  }
  let first = "";
  let firstAt = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      all("details.menu[open], details.why[open]").forEach((box) => {
        const within = box.contains(document.activeElement);
        box.open = false;
        if (within) one("summary", box).focus();
      });
      return;
    }
    const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); openKeys(); return; }
    // Two-letter keys: "g" and then a letter within a second and a half.
    const pressed = first && Date.now() - firstAt < 1500 ? first + " " + event.key : event.key;
    const target = all("[data-key]").find((node) => node.dataset.key === pressed);
    if (target) {
      event.preventDefault();
      first = "";
      if (target.matches("input, select, textarea")) target.focus();
      else target.click();
      return;
    }
    first = event.key.length === 1 ? event.key : "";
    firstAt = Date.now();
  });

  own(document);
  // Tabs that scroll sideways on a phone show where one is.
  all(".tabs ul").forEach((list) => {
    const here = one("[aria-current]", list);
    if (here && list.scrollWidth > list.clientWidth) list.scrollLeft = here.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  });
  const summary = one(".error-summary");
  if (summary) summary.focus();
})();
