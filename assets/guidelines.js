// A file chosen for an import is read into the field that is sent; nothing leaves the browser before that.
(() => {
  document.addEventListener("change", async (event) => {
    const chosen = event.target;
    if (!chosen.matches?.("input[type=file][data-reads-into]") || !chosen.files.length) return;
    const field = document.getElementById(chosen.dataset.readsInto);
    if (field) field.value = await chosen.files[0].text();
  });
})();
