// What the form of a message does for who writes in it: counts, keys, and links into the editors, whose
// own fields are hidden. Without it the help texts say the limits, and every button is there.
(() => {
  const form = () => document.querySelector("form[id$='_form']");
  const editors = () => Object.values(window.CKEDITOR?.instances ?? {});

  // Counters below title and teaser.

  const count = (field, counter) => {
    // Characters as a reader counts them, and as the database does.
    const length = [...field.value].length;
    const limit = JSON.parse(counter.dataset.limits).find(([most]) => length <= most);
    const number = counter.dataset.says.replace("%s", length);
    counter.textContent = length ? `${number} – ${limit ? limit[1] : counter.dataset.beyond}` : "";
    counter.classList.toggle("beyond", !limit);
  };

  const countCharacters = (counter) => {
    const field = document.getElementById(counter.id.replace(/_counter$/, ""));
    field.addEventListener("input", () => count(field, counter));
    count(field, counter);
  };

  // Words of all texts of the form.

  const wordsOf = (editor) => editor.editable()?.getText().match(/[\p{L}\p{N}][\p{L}\p{N}’'-]*/gu)?.length ?? 0;

  const countWords = () => {
    const place = document.querySelector(".word-count");
    if (!place) return;
    const words = editors().reduce((sum, editor) => sum + wordsOf(editor), 0);
    place.textContent = place.dataset.says.replace("%s", words.toLocaleString(document.documentElement.lang));
    place.hidden = false;
  };

  // Keys. They press the form's own buttons, so that they do exactly what those do.

  const press = (name) => {
    const button = form()?.querySelector(`[type=submit][name="${name}"]`);
    button?.click();
    return Boolean(button);
  };
  const keys = { save: () => press("_continue") || press("_save"), release: () => press("_release") };

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    // By its place, too: on a Russian keyboard the key S writes another letter.
    const wanted = event.code === "KeyS" || event.key === "s" ? "save" : event.key === "Enter" ? "release" : "";
    if (!wanted || !form()) return;
    event.preventDefault();
    keys[wanted]();
  });

  // Links of the checklist.

  const enter = (editor) => {
    editor.focus();
    editor.container.$.scrollIntoView({ block: "center" });
  };

  const follow = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const editor = window.CKEDITOR?.instances[id];
    if (editor?.status === "ready") return enter(editor);
    const field = document.getElementById(id);
    if (field?.matches("input, textarea, select")) field.focus();
  };

  addEventListener("hashchange", follow);
  document.addEventListener("click", ({ target }) => {
    // A second click on the same link changes no address.
    if (target.closest?.(".checklist a")?.hash === location.hash) follow();
  });

  const attend = ({ editor }) => {
    Object.entries({ save: CKEDITOR.CTRL + 83, release: CKEDITOR.CTRL + 13 }).forEach(([name, keystroke]) => {
      editor.addCommand(`press-${name}`, { exec: keys[name], async: true, canUndo: false, readOnly: 1 });
      editor.setKeystroke(keystroke, `press-${name}`);
    });
    editor.on("change", countWords);
    countWords();
    if (location.hash === `#${editor.name}`) enter(editor);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".counter").forEach(countCharacters);
    document.querySelectorAll(".keys").forEach((list) => {
      list.hidden = false;
    });
    window.CKEDITOR?.on("instanceReady", attend);
    follow();
  });
})();
