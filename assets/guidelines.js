// A file chosen for an import is read into the field that is sent; nothing leaves the browser before that.
(() => {
  const LARGEST_BYTES = 900_000;  // what one event of the page may carry
  document.addEventListener("change", async (event) => {
    const chosen = event.target;
    if (!chosen.matches?.("input[type=file][data-reads-into]") || !chosen.files.length) return;
    const field = document.getElementById(chosen.dataset.readsInto);
    const isTooLarge = chosen.files[0].size > LARGEST_BYTES;
    chosen.setCustomValidity(isTooLarge ? "This file has more than 900 kB. Nothing was read; choose a smaller one." : "");
    if (isTooLarge) chosen.reportValidity();
    else if (field) field.value = await chosen.files[0].text();
  });
})();
