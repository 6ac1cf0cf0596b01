"use strict";
/* The single-page portal: views follow the hash, everything else is JSON. */
(function () {
  const parts = (root) => (name) => root.querySelector(`[data-part="${name}"]`);
  const page = parts(document);
  let user = document.body.dataset.user;
  let farewell = "";

  function element(tag, name, text) {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text === undefined || text === null ? "" : text;
    return made;
  }

  function show(view) {
    const stage = page("stage");
    stage.replaceChildren(document.querySelector(`template[data-view="${view}"]`).content.cloneNode(true));
    page("nav").hidden = !user;
    return stage.querySelector("section");
  }

  function outage(id, text) {
    const told = element("div", "sheet", text);
    told.id = id;
    page("stage").replaceChildren(told);
  }

  function toast(kind, text, receipt) {
    const made = element("div", `toast toast-${kind}`, `${text} `);
    if (receipt) made.append(element("span", "toast-receipt", receipt));
    const close = element("button", "toast-close", "x");
    close.onclick = () => made.remove();
    made.prepend(close);
    page("toasts").append(made);
  }

  async function ask(method, address, body) {
    let reply, answer;
    try {
      reply = await fetch(address, { method, body });
      answer = await reply.json();
    } catch {
      toast("error", "Something went wrong on our side. Please try again.");
      return null;
    }
    if (reply.ok || answer.error === "login") return answer;
    if (answer.error === "session_ended") {
      user = "";
      farewell = answer.message;
      go("#/login");
    } else if (answer.error === "maintenance") outage("down", answer.message);
    else if (answer.error === "challenge") outage("human-check", answer.message);
    else toast("error", answer.message);
    return null;
  }

  function go(hash) {
    if (location.hash === hash) route();
    else location.hash = hash;
  }

  function login() {
    const view = show("login");
    const part = parts(view);
    const tell = (text) => { part("error").textContent = text; part("error").hidden = !text; };
    tell(farewell);
    farewell = "";
    part("form").onsubmit = async (event) => {
      event.preventDefault();
      const answer = await ask("POST", "/api/session", new FormData(part("form")));
      if (!answer) return;
      if (answer.error) { tell(answer.message); return; }
      user = answer.user;
      go("#/send");
    };
  }

  function send() {
    const view = show("send");
    const part = parts(view);
    let chosen = null;
    const choose = (file) => {
      chosen = file;
      page("toasts").replaceChildren();
      part("result").replaceChildren();
      delete part("result").dataset.outcome;
      part("chosen").replaceChildren(...(file ? [element("span", "file-chip", file.name)] : []));
      part("transmit").disabled = !file;
    };
    part("file").onchange = () => choose(part("file").files[0]);
    part("zone").ondragover = (event) => { event.preventDefault(); part("zone").classList.add("over"); };
    part("zone").ondrop = (event) => { event.preventDefault(); choose(event.dataTransfer.files[0]); };
    part("transmit").onclick = async () => {
      part("transmit").disabled = true;
      const form = new FormData();
      form.append("document", chosen);
      const answer = await ask("POST", "/api/uploads", form);
      if (answer) report(part("result"), answer);
    };
  }

  function report(place, answer) {
    place.dataset.outcome = answer.outcome;
    if (answer.outcome === "accepted") {
      place.replaceChildren();
      toast("success", `Invoice ${answer.invoice} received. Receipt`, answer.receipt);
      return;
    }
    const list = element("ul", "issue-list");
    for (const issue of answer.issues) {
      const item = element("li", "issue");
      item.append(element("span", "issue-line", issue.line ? `Line ${issue.line}` : ""), element("span", "issue-field", issue.field),
        element("span", "issue-text", issue.text));
      list.append(item);
    }
    place.replaceChildren(list);
    toast("error", "Invoice not accepted. Please review the issues below.");
  }

  function row(name, cells) {
    const made = element("tr", name);
    for (const [cell, text] of cells) made.append(element("td", cell, text));
    return made;
  }

  async function invoices(query) {
    const view = show("invoices");
    const part = parts(view);
    part("query").value = query.get("number") || "";
    part("form").onsubmit = (event) => {
      event.preventDefault();
      go(`#/invoices?number=${encodeURIComponent(part("query").value.trim())}`);
    };
    const answer = await ask("GET", `/api/invoices?${query}`);
    if (!answer) return;
    part("found").replaceChildren(answer.invoices.length ? grid(answer.invoices) : element("div", "grid-empty", "Nothing here yet"));
    view.dataset.loaded = "true";
  }

  function grid(found) {
    const table = element("table", "invoice-grid");
    const head = table.createTHead().insertRow();
    for (const title of ["Invoice", "Matter", "Amount", "File", "Received", "Receipt", "Status"]) head.append(element("th", "", title));
    const body = table.createTBody();
    for (const one of found) {
      const made = row("grid-row", [["g-number"], ["g-matter", one.matter], ["g-amount", one.amount], ["g-file", one.file],
        ["g-received", one.received], ["g-receipt", one.receipt], ["g-status", one.status]]);
      const anchor = element("a", "", one.number);
      anchor.href = `#/invoices/${one.id}`;
      made.cells[0].append(anchor);
      body.append(made);
    }
    return table;
  }

  async function detail(id) {
    const view = show("detail");
    const part = parts(view);
    const answer = await ask("GET", `/api/invoices/${id}`);
    if (!answer) return;
    for (const name of ["number", "receipt", "status", "billed", "approved"]) part(name).textContent = answer[name];
    for (const line of answer.lines) {
      part("lines").append(row("line", ["number", "date", "description", "billed", "reduction", "approved", "reason"].map((name) => [`l-${name}`, line[name]])));
    }
    view.dataset.loaded = "true";
  }

  function route() {
    const [path, query] = location.hash.slice(2).split("?");
    const one = /^invoices\/(\d+)$/.exec(path);
    if (!user) login();
    else if (one) detail(one[1]);
    else if (path === "invoices") invoices(new URLSearchParams(query));
    else send();
  }

  page("sign-out").onclick = async () => {
    await ask("DELETE", "/api/session");
    user = "";
    go("#/login");
  };
  window.onhashchange = route;
  route();
})();
