// Lets CKEditor 4 run under Content-Security-Policy: script-src 'self'.
//
// CKEditor writes event handlers as attributes into its tool bar, and one inline script into the
// frame that is written in. The browser refuses both. All of them only call
// CKEDITOR.tools.callFunction(number, ...), which this script does in their place: without eval,
// exactly once, and in the same way where there is no policy. docs/decisions/django-ckeditor.md
// tells what was tried.
(() => {
  const TYPES = ["click", "mousedown", "keydown", "keypress", "focus", "blur", "mouseover", "mouseout", "dragstart"];
  const ATTRIBUTE = new RegExp(` on(${TYPES.join("|")})=`, "g");
  const CALL = /CKEDITOR\.tools\.callFunction\((\d+),?([^)]*)\)/;
  const EDITOR = ".cke, .cke_dialog_container";
  const { callFunction } = CKEDITOR.tools;

  // The attributes of what the editor builds its own surface from get a name that means nothing to the browser.
  const { output } = CKEDITOR.template.prototype;
  CKEDITOR.template.prototype.output = function (values, buffer) {
    const html = output.call(this, values).replace(ATTRIBUTE, " data-on-$1=");
    return buffer ? buffer.push(html) : html;
  };

  const argument = (text, event, element) => {
    if (text === "event") return event;
    if (text === "this") return element;
    return /^'.*'$/.test(text) ? text.slice(1, -1) : Number(text);
  };

  // What the attribute's code would have answered: false refuses the browser's own action.
  const run = (code, event, element) => {
    const call = CALL.exec(code);
    let answer;
    if (call) {
      const texts = call[2].split(",").map((text) => text.trim()).filter(Boolean);
      answer = callFunction(Number(call[1]), ...texts.map((text) => argument(text, event, element)));
    }
    if (/return false;?\s*$/.test(code)) return false;
    return /^\s*return /.test(code) ? answer : undefined;
  };

  const handle = (event) => {
    const name = `data-on-${event.type}`;
    const element = event.target.closest?.(`[${name}]`);
    const bubbles = event.type !== "focus" && event.type !== "blur";
    if (!element?.closest(EDITOR) || (element !== event.target && !bubbles)) return;
    if (run(element.getAttribute(name), event, element) === false) event.preventDefault();
  };
  TYPES.forEach((type) => document.addEventListener(type, handle, true));

  // A tool's link leads to javascript:void, which the policy refuses as well.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='javascript:']");
    if (link?.closest(EDITOR)) event.preventDefault();
  });

  // The frame's inline script would tell the editor that the frame has loaded.
  const { write } = CKEDITOR.dom.document.prototype;
  CKEDITOR.dom.document.prototype.write = function (html) {
    const call = /<script id="cke_actscrpt"[^]*?callFunction\((\d+),window\)[^]*?<\/script>/.exec(html);
    if (!call) return write.call(this, html);
    write.call(this, html.replace(call[0], ""));
    const loaded = () => callFunction(Number(call[1]), this.$.defaultView);
    if (this.$.readyState === "loading") this.$.addEventListener("DOMContentLoaded", loaded, { once: true });
    else loaded();
  };
})();
