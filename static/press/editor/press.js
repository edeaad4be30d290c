// What the press office adds to CKEditor: tools that are plain buttons with a word on them, from the
// configuration (press/editor.py), and a name for the field that a screen reader says.
(() => {
  const labelOf = (editor) => document.querySelector(`label[for="${CSS.escape(editor.name)}"]`)?.textContent.trim();

  CKEDITOR.on("instanceCreated", ({ editor }) => {
    editor.on("configLoaded", () => {
      const label = labelOf(editor)?.replace(/:$/, "");
      if (label) editor.config.title = editor.config.applicationTitle = label;
    });
  });

  const addStyle = (editor, { name, label, element, attributes }) => {
    const command = name.toLowerCase();
    const style = new CKEDITOR.style({ element, attributes });
    editor.addCommand(command, new CKEDITOR.styleCommand(style));
    editor.attachStyleStateChange(style, (state) => {
      if (!editor.readOnly) editor.getCommand(command).setState(state);
    });
    editor.ui.addButton(name, { label, command, isToggle: true });
  };

  // The dialogs offer what the office keeps: web, mail and telephone links, tables of a plain size.
  CKEDITOR.on("dialogDefinition", ({ data: { name, definition } }) => {
    definition.resizable = CKEDITOR.DIALOG_RESIZE_NONE;
    if (name !== "link") return;
    const info = definition.getContents("info");
    info.get("linkType").items = info.get("linkType").items.filter(([, type]) => type !== "anchor");
    info.get("protocol").items = ["https://", "http://"].map((protocol) => [protocol, protocol]);
  });

  // What comes from another program is cleaned by the server before the editor sees it, in the one way in
  // which every text is. Where the server does not answer, the editor does what it can.
  const ask = async (editor, html) => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    // Pictures within the text are long, and go anyway.
    const sent = html.replace(/(["'(])data:image\/[^"')]*/g, "$1");
    const body = new URLSearchParams({ html: sent });
    const answer = await fetch(editor.config.pressPaste, { method: "POST", body, headers: { "X-CSRFToken": token } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    return answer.text();
  };

  const insert = (editor, dataValue) => {
    const dataTransfer = new CKEDITOR.plugins.clipboard.dataTransfer();
    editor.fire("paste", { type: "html", method: "paste", dataValue, dataTransfer, dontFilter: true, isClean: true });
  };

  const paste = (event) => {
    const { editor, data } = event;
    const isOwn = data.dataTransfer.getTransferType(editor) === CKEDITOR.DATA_TRANSFER_INTERNAL;
    const html = data.dataTransfer.getData("text/html", true) || (data.type === "html" && data.dataValue);
    if (data.isClean || data.isRough || isOwn || !html || data.type === "text") return;
    event.cancel();
    ask(editor, html).then(
      (clean) => insert(editor, clean),
      () => editor.fire("paste", { ...data, isRough: true }),
    );
  };

  // A link to anything but the web, mail or a telephone becomes its words, as it will when it is stored.
  const unlink = (schemes) => (element) => {
    const address = element.attributes["data-cke-saved-href"] ?? element.attributes.href ?? "";
    if (!schemes.includes(address.split(":")[0].toLowerCase())) delete element.name;
  };

  CKEDITOR.plugins.add("press", {
    init(editor) {
      editor.on("paste", paste, null, null, 1);
      editor.config.pressStyles.forEach((style) => addStyle(editor, style));
      editor.config.pressCommands.forEach(({ name, label, command }) => editor.ui.addButton(name, { label, command }));
    },
    afterInit(editor) {
      editor.dataProcessor.dataFilter.addRules({ elements: { a: unlink(editor.config.pressSchemes) } });
    },
  });
})();
