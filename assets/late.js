// A page whose rows do not come says so and offers to load again: an answer can be lost on its way.
(() => {
  const PATIENCE = 12000;
  const LOOK = 500;
  let since = 0;

  const waits = () => [...document.querySelectorAll("main .skeleton")].some((one) => one.checkVisibility());

  function say() {
    const note = document.createElement("aside");
    note.className = "late-note";
    note.setAttribute("aria-label", "This page is late");
    const words = document.createElement("p");
    words.setAttribute("role", "status");
    words.textContent = "This takes longer than it should.";
    const again = document.createElement("button");
    again.type = "button";
    again.className = "plain-button";
    again.textContent = "Load again";
    again.addEventListener("click", () => location.reload());
    note.append(words, again);
    (document.querySelector(".shell") ?? document.body).append(note);
  }

  setInterval(() => {
    const note = document.querySelector(".late-note");
    // A tab in the background is given its time when it is looked at.
    if (!waits() || document.hidden) {
      since = 0;
      note?.remove();
    } else {
      since ||= Date.now();
      if (!note && Date.now() - since > PATIENCE) say();
    }
  }, LOOK);
})();
