// Files and folders dropped anywhere on the page go into the form's file field; the person still presses Import.
const most = 2000;
const form = document.querySelector("form[data-drop]");

// The files of what was dropped, each with its path, folders with all below them; hidden ones stay out.
async function filesIn(entry) {
  if (entry.name.startsWith(".")) return [];
  if (entry.isFile) return [[await new Promise((take, fail) => entry.file(take, fail)), entry.fullPath]];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A reader gives a hundred entries at a time, and none at the end.
    const some = await new Promise((take, fail) => reader.readEntries(take, fail));
    if (!some.length) return found;
    for (const one of some) found.push(...(await filesIn(one)));
  }
}

if (form) {
  const field = form.querySelector("input[name=files]");
  const folder = form.querySelector("input[name=folder]");
  const told = form.querySelector("[data-dropped]");
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  // Of the files in the first field, as they were dropped. An upload itself carries bare names.
  let paths = [];

  form.querySelector("[data-drop-hint]").hidden = false;

  function tell() {
    const count = field.files.length + folder.files.length;
    const all = [...paths, ...[...folder.files].map((file) => file.webkitRelativePath || file.name)];
    form.elements.paths.value = all.map((path) => path.replace(/[\r\n]/g, " ")).join("\n");
    told.textContent = count > most
      ? `${count} files are too many for one upload. Make a ZIP of them, or use import_copy.`
      : count ? `${count} file${count === 1 ? "" : "s"} chosen.` : "";
  }

  document.addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth += 1;
    form.closest("details").open = true;
    form.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (holdsFiles(event) && (depth -= 1) <= 0) form.classList.remove("dropping");
  });
  document.addEventListener("dragover", (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    form.classList.remove("dropping");
    // Both must be taken before the first wait: afterwards the event holds nothing any more.
    const files = [...event.dataTransfer.files].map((file) => [file, file.name]);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const chosen = new DataTransfer();
    for (const file of field.files) chosen.items.add(file);
    const found = entries.length ? await Promise.all(entries.map(filesIn)).then((all) => all.flat(), () => files) : files;
    for (const [file, path] of found) {
      chosen.items.add(file);
      paths.push(path);
    }
    field.files = chosen.files;
    tell();
    form.querySelector("button").focus();
  });
  form.addEventListener("change", (event) => {
    if (event.target === field) paths = [...field.files].map((file) => file.name);
    tell();
  });
}
