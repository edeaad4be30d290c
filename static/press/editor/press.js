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

  CKEDITOR.plugins.add("press", {
    init(editor) {
      editor.config.pressStyles.forEach((style) => addStyle(editor, style));
      editor.config.pressCommands.forEach(({ name, label, command }) => editor.ui.addButton(name, { label, command }));
    },
  });
})();
