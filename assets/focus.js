// The keyboard's place is never lost: a question that closes, a row that goes and a page that changes hand the focus on.
(() => {
  const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";
  const FIELDS = "input, select, textarea";
  const QUESTION = "[role=dialog], [role=alertdialog], dialog";
  const OPEN = "[role=dialog][data-state=open], [role=alertdialog][data-state=open], dialog[open]";
  const PATIENCE = 900;   // ms for what is drawn anew to come back, before its place gets the focus instead
  const ARRIVAL = 1500;   // ms for the record or row that a new page is to begin with
  let held = null;        // what has the focus, and where it stands
  let asker = null;       // what had it when a question was opened
  let since = 0;          // when it was lost; 0 = it was not
  let path = here();
  let arriving = null;    // a page has changed: since when, and from where
  let opened = "";        // the record open in a panel beside its list

  function here() {
    return location.pathname.replace(/\/+$/, "");
  }

  const isShown = (one) => one.isConnected && one.checkVisibility() && !one.disabled;
  const isNowhere = () => !document.activeElement || document.activeElement === document.body;
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(isShown);
  const rowOf = (id) => document.querySelector(`[data-row="${CSS.escape(id)}"]`);

  function nameOf(one) {
    const words = one.getAttribute("aria-label") ?? (one.matches(FIELDS) ? "" : one.textContent.trim().slice(0, 80));
    return [one.tagName, one.id, one.name, words].join("|");
  }

  function placeOf(element) {
    const around = [];
    for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) around.push(one);
    const row = element.closest("[data-row]");
    const panel = element.closest("[data-opened]");
    // Rows before it may go meanwhile: what follows is remembered by name, not by number.
    const following = row ? rows().slice(rows().indexOf(row) + 1).map((one) => one.dataset.row) : [];
    return { element, around, panel, name: nameOf(element), row: row?.dataset.row, following };
  }

  // Headings and places take the focus without becoming a stop of the keyboard.
  function land(one) {
    if (!one || !isShown(one)) return false;
    if (!one.matches(STOPS)) {
      one.tabIndex = -1;
      one.addEventListener("blur", () => one.removeAttribute("tabindex"), { once: true });
    }
    one.focus({ preventScroll: true });
    if (document.activeElement === one && one.offsetHeight < innerHeight) one.scrollIntoView({ block: "nearest" });
    return document.activeElement === one;
  }

  // What keys act upon is the row that is marked: the focus and the mark are never in two rows.
  function heirOf(from) {
    const all = rows();
    const named = (id) => all.find((row) => row.dataset.row === id);
    return all.find((row) => row.matches(".current")) ?? from.following.map(named).find(Boolean) ?? all.at(-1);
  }

  // The very element, the one drawn in its stead, the row of the panel that was closed, or the row after the one gone.
  function again(from) {
    if (isShown(from.element)) return from.element;
    if (from.element.matches("h1")) return document.querySelector("main h1");
    if (from.panel && !isShown(from.panel)) return rowOf(from.panel.dataset.opened);
    if (from.row && !rowOf(from.row)) return heirOf(from);
    const scope = from.row ? rowOf(from.row) : from.around.find((one) => one.isConnected) ?? document;
    return [...scope.querySelectorAll(STOPS)].find((one) => isShown(one) && nameOf(one) === from.name);
  }

  function place(from) {
    const near = (from.row && rowOf(from.row)) || from.around.find((one) => isShown(one));
    return !near || near.matches("main, .stage, .shell") ? document.querySelector("main h1") : near;
  }

  function look() {
    if (!since) return;
    if (!held || !isNowhere() || document.querySelector(OPEN)) { since = 0; return; }
    const from = held.element.closest(QUESTION) ? asker : held;
    const isLate = Date.now() - since > PATIENCE;
    const found = from ? again(from) || (isLate && place(from)) : document.querySelector("[data-row].current");
    if (land(found || null) || isLate) since = 0;
    else setTimeout(look, 100);
  }

  // What a new page is read from: its record, the row that was left when it is a list, else its heading.
  function beginning() {
    const isRecord = /\/\d+$/.test(path) && document.querySelector("main .split");
    if (isRecord) return document.querySelector("main .pane-title");
    if (![document.body, arriving.stopgap].includes(arriving.had) && isShown(arriving.had)) return null;  // the page that was left stands still
    const isBack = path && (arriving.from.startsWith(`${path}/`) || /^\/proforma/.test(arriving.from) && path === "/review");
    if (!isBack) return document.querySelector("main h1");
    const left = document.querySelector(`main a[href="${CSS.escape(arriving.from)}"]`);
    return left?.closest("[data-row]") ?? left;
  }

  function arrive() {
    if (!arriving) return;
    const waited = Date.now() - arriving.at;
    const isTaken = !isNowhere() && document.activeElement !== arriving.had;
    if (isTaken || waited > 6 * ARRIVAL || land(beginning())) { arriving = null; return; }
    // What comes late is awaited at the heading.
    if (waited > ARRIVAL && isNowhere() && land(document.querySelector("main h1"))) {
      arriving.had = arriving.stopgap = document.activeElement;
    }
    setTimeout(arrive, 100);
  }

  // A line opened beside its list is read at once, and typed into after one Tab.
  function enterPanel() {
    const panel = document.querySelector("[data-opened]");
    const now = panel?.dataset.opened ?? "";
    if (now === opened) return;
    const isTyping = document.activeElement?.matches(FIELDS) && !document.activeElement.matches("[type=checkbox]");
    opened = now;
    if (now && !isTyping) land(panel.querySelector("h2"));
  }

  new MutationObserver((changes) => {
    enterPanel();
    if (here() !== path) {
      arriving = { at: Date.now(), from: path, had: document.activeElement };
      path = here();
      held = null;
      setTimeout(arrive, 50);
    }
    if (!held || since || !isNowhere()) return;
    const isTaken = (one) => one === held.element || one.contains(held.element);
    if (!isShown(held.element) || changes.some((change) => [...change.removedNodes].some(isTaken))) {
      since = Date.now();
      requestAnimationFrame(look);
    }
  }).observe(document, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["disabled", "hidden", "open", "data-opened"],
  });

  document.addEventListener("focusin", ({ target }) => {
    held = placeOf(target);
    since = 0;
    if (!target.closest(QUESTION)) asker = held;
  });

  // A hand that presses elsewhere has let go.
  document.addEventListener("pointerdown", ({ target }) => {
    held = null;
    if (!target.closest(QUESTION)) asker = null;
  }, true);

  // What is chosen here is typed on there: a panel that covers the field gives way.
  document.addEventListener("click", ({ target }) => {
    const from = target.closest("[data-focuses]");
    if (!from) return;
    const field = document.getElementById(from.dataset.focuses);
    const panel = from.closest(".side-panel");
    if (panel && getComputedStyle(panel).position === "fixed") panel.querySelector("[data-key~=Escape]").click();
    field?.focus();
  });
})();
