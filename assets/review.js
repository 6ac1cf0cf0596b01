// Rows walked by keys and swiped by thumbs. A row is [data-row]; what carries [data-key] in it is clicked by that key.
(() => {
  const FIELDS = "input, textarea, select, [contenteditable=true]";
  const SWIPE = 96;
  let last = 0;

  const isShown = (element) => element.offsetParent !== null && !element.disabled;
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(isShown);
  const isBusy = () => document.querySelector("[role=dialog][data-state=open], [role=alertdialog], dialog[open]");

  function current() {
    return document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row].current");
  }

  function go(to) {
    const all = rows();
    if (!all.length) return;
    last = Math.min(Math.max(to, 0), all.length - 1);
    document.querySelectorAll("[data-row].current").forEach((row) => row.classList.remove("current"));
    all[last].classList.add("current");
    all[last].focus({ preventScroll: true });
    all[last].scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const at = rows().indexOf(current());
    // After a row has gone, its place is taken by the next one.
    go(at < 0 ? last + (step < 0 ? step : 0) : at + step);
  }

  function press(key) {
    const wanted = `[data-key="${CSS.escape(key)}"]`;
    const row = current();
    const own = row && [...row.querySelectorAll(wanted)].find(isShown);
    const found = own ?? [...document.querySelectorAll(wanted)].find((one) => isShown(one) && !one.closest("[data-row]"));
    if (!found) return false;
    if (own && own.hasAttribute("data-moves-on")) {
      const at = rows().indexOf(row);
      found.click();
      if (at + 1 < rows().length) go(at + 1);
      last = at;
    } else {
      found.click();
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.(FIELDS);
    if (field && (event.ctrlKey || event.metaKey) && event.key === "Enter") field.form?.requestSubmit();
    if (event.ctrlKey || event.metaKey || event.altKey || isBusy()) return;
    if (field && event.key !== "Escape") return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      move(event.key === "j" ? 1 : -1);
    } else if (event.key === "Enter" && event.target.matches?.("[data-row]")) {
      event.preventDefault();
      press("e");
    } else if (/^([a-z]|Escape)$/.test(event.key) && press(event.key)) {
      event.preventDefault();
    }
  });

  let swipe = null;
  const mayGo = (row, x) => row.dataset.swipe === "both" || (row.dataset.swipe === "return" && x < 0);

  document.addEventListener("touchstart", (event) => {
    const row = event.target.closest("[data-swipe]");
    const touch = event.touches[0];
    swipe = row && event.touches.length === 1 ? { row, x: touch.clientX, y: touch.clientY, by: 0 } : null;
  }, { passive: true });

  document.addEventListener("touchmove", (event) => {
    if (!swipe) return;
    const x = event.touches[0].clientX - swipe.x;
    const y = event.touches[0].clientY - swipe.y;
    if (!swipe.by && Math.abs(y) > Math.abs(x)) { swipe = null; return; }
    if (!mayGo(swipe.row, x)) return;
    swipe.by = x;
    swipe.row.style.transform = `translateX(${Math.max(-140, Math.min(140, x))}px)`;
    swipe.row.dataset.swiped = Math.abs(x) < SWIPE ? "" : x > 0 ? "a" : "r";
  }, { passive: true });

  document.addEventListener("touchend", () => {
    if (!swipe) return;
    const { row } = swipe;
    const key = row.dataset.swiped;
    swipe = null;
    row.style.transform = "";
    delete row.dataset.swiped;
    if (key) row.querySelector(`[data-key="${key}"]`)?.click();
  });
})();
