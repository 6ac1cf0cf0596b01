// Looks at the page for carriers/browser.py. arguments[0] names the question, the rest are its arguments.
const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim();
const visible = (el) => el.getClientRects().length > 0 && getComputedStyle(el).visibility !== "hidden";
const nameOf = (el) => {
  const pointed = (el.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean)
    .map((id) => document.getElementById(id)).filter(Boolean).map((n) => n.textContent).join(" ");
  const label = el.labels && el.labels.length ? el.labels[0].textContent : "";
  const own = /^(a|button|h[1-6]|option|summary)$/i.test(el.tagName) ? el.textContent : "";
  const face = el.tagName === "INPUT" && /^(submit|button)$/.test(el.type) ? el.value : "";
  return squeeze(el.getAttribute("aria-label") || pointed || label || own || face || el.alt || el.title || el.placeholder);
};
const byText = (wanted) => {
  const has = [...document.body.querySelectorAll("*")].filter((el) => squeeze(el.innerText).includes(wanted));
  return has.filter((el) => ![...el.children].some((child) => has.includes(child)));
};
const everyMatch = (selector) => {
  if (selector.startsWith("text/")) return byText(squeeze(selector.slice(5)));
  if (selector.startsWith("aria/")) return [...document.querySelectorAll("*")].filter((el) => nameOf(el) === squeeze(selector.slice(5)));
  if (selector.startsWith("xpath/")) {
    const found = document.evaluate(selector.slice(6), document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
    return Array.from({ length: found.snapshotLength }, (_, i) => found.snapshotItem(i));
  }
  return [...document.querySelectorAll(selector)];
};
const all = (selector) => {
  try { return everyMatch(selector); } catch (unreadable) { return []; }
};
const says = (el, texts) => !texts.length || texts.some((t) => squeeze(el.innerText).toLowerCase().includes(squeeze(t).toLowerCase()));
const match = (target) => {
  const selectors = target.selectors.length ? target.selectors : ["body"];
  for (const selector of selectors) {
    const found = all(selector).filter((el) => (target.hidden_too || visible(el)) && says(el, target.texts));
    if (found.length) return [found[0], selector, found.length, squeeze(found[0].innerText || found[0].value)];
  }
  return null;
};
const cell = (row, column) => {
  const [css, attribute] = column.split("@");
  const el = css ? row.querySelector(css) : row;
  if (!el) return "";
  return attribute ? el.getAttribute(attribute) || "" : squeeze(el.innerText);
};
const secrets = (masked) => ["input[type=password]", "[autocomplete=one-time-code]", ...masked].flatMap(all);
const depth = () => { let levels = 0; for (let w = window; w !== w.parent; w = w.parent) levels += 1; return levels; };
const questions = {
  look(targets) {
    const navigation = performance.getEntriesByType("navigation")[0];
    const failed = location.protocol === "chrome-error:";
    const ready = document.body && !failed;
    return [depth(), failed ? "" : location.href, (navigation && navigation.responseStatus) || 0, failed, targets.map((t) => (ready ? match(t) : null))];
  },
  rows(selectors, columns) {
    for (const selector of selectors) {
      const rows = all(selector).filter(visible);
      if (rows.length) return rows.map((row) => Object.fromEntries(Object.entries(columns).map(([k, c]) => [k, cell(row, c)])));
    }
    return [];
  },
  uncover() {
    for (const el of document.querySelectorAll("[data-covered]")) {
      el.style.visibility = el.dataset.covered === "-" ? "" : el.dataset.covered;
      delete el.dataset.covered;
    }
  },
  html_and_cover(masked) {
    const copy = document.documentElement.cloneNode(true);
    const live = [...document.documentElement.querySelectorAll("*")];
    const copies = [...copy.querySelectorAll("*")];
    for (const el of secrets(masked)) { const twin = copies[live.indexOf(el)]; if (twin) twin.setAttribute("value", ""); }
    for (const script of copy.querySelectorAll("script")) script.textContent = "";
    const hidden = secrets(masked);
    for (const el of hidden) { el.dataset.covered = el.style.visibility || "-"; el.style.visibility = "hidden"; }
    return ["<!doctype html>\n" + copy.outerHTML, hidden.length];
  },
  choose(list, value) {
    const option = [...list.options].find((o) => o.value === value) || [...list.options].find((o) => squeeze(o.text) === squeeze(value));
    if (!option) return false;
    list.value = option.value;
    for (const kind of ["input", "change"]) list.dispatchEvent(new Event(kind, { bubbles: true }));
    return true;
  },
};
return questions[arguments[0]](...[...arguments].slice(1));
