// Keeps what is typed into the form of a message: on the server a moment after each pause, and in this
// browser for as long as the server has not confirmed it. Nothing here saves a message. What the
// server does with it is in press/unsaved.py; docs/decisions/autosave.md tells why it is so.
(() => {
  const box = document.getElementById("autosave");
  const form = document.getElementById(box?.dataset.form);
  if (!form) return;

  const PAUSE = 2000;
  const HEARTBEAT = 60000;
  const KEPT_FOR = 30 * 24 * 3600 * 1000;
  const { url, user } = box.dataset;
  const prefix = `unsaved:${user}:`;
  let turn = Number(box.dataset.turn);
  let sent = null;
  let waiting = null;
  let sending = false;

  const token = () => form.elements.unsaved_token.value;
  const editors = () => Object.values(window.CKEDITOR?.instances ?? {});

  const fields = () => {
    editors().forEach((editor) => editor.status === "ready" && editor.updateElement());
    return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  };

  // A browser that keeps nothing (private windows, full storage) loses nothing but this second net.
  const stored = (act) => {
    try {
      return act(window.localStorage);
    } catch {
      return null;
    }
  };
  const put = (pairs) => stored((storage) =>
    storage.setItem(prefix + token(), JSON.stringify({ url, turn, pairs, at: Date.now() })));
  const forget = (key) => stored((storage) => storage.removeItem(key));

  const tell = (text) => {
    if (box.textContent !== text) box.textContent = text;
  };

  const ask = async (address, options) => {
    const answer = await fetch(address, { redirect: "manual", credentials: "same-origin", ...options });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    return { status: answer.type === "opaqueredirect" ? 302 : answer.status, data: isJson ? await answer.json() : null };
  };

  const post = (address, pairs) => ask(address, {
    method: "POST",
    keepalive: document.visibilityState === "hidden",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: new URLSearchParams(pairs),
  });

  // Who signs in anew gets another token against forged requests; an open form goes on with it.
  const renewed = async () => {
    const { data } = await ask(url);
    if (data?.csrf && String(data.user) === user) {
      document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => (field.value = data.csrf));
      return true;
    }
    return false;
  };

  const postAgain = async (address, pairs) => {
    const first = await post(address, pairs);
    return first.status === 403 && (await renewed()) ? post(address, pairs) : first;
  };

  const show = ({ here, newer }) => {
    const list = document.getElementById("here");
    const items = here.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence }));
    if (list.textContent !== here.join("")) list.replaceChildren(...items);
    const warning = document.getElementById("newer");
    if (warning.textContent !== newer) warning.textContent = newer;
    warning.hidden = !newer;
  };

  const failed = (status) => tell(status === 302 || status === 403 ? box.dataset.signedOut : box.dataset.local);

  const save = async () => {
    clearTimeout(waiting);
    if (sending) return later();
    const pairs = fields();
    const text = JSON.stringify(pairs);
    if (text === sent) return;
    sending = true;
    turn += 1;
    put(pairs);
    try {
      const { status, data } = await postAgain(url, [...pairs, ["unsaved_turn", turn]]);
      if (!data || status !== 200) return failed(status);
      show(data);
      if (data.kept) {
        sent = text;
        forget(prefix + token());
        tell(box.dataset.kept.replace("{time}", data.at));
      } else if (data.closed) {
        // Saved, and come back to by the browser's Back: what is typed now is another text.
        forget(prefix + token());
        form.elements.unsaved_token.value = data.fresh;
        turn = 0;
        later();
      } else {
        turn = Math.max(turn, data.turn);
        later();
      }
    } catch {
      tell(box.dataset.local);
    } finally {
      sending = false;
    }
  };

  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  };

  // What was there before anything was typed. The editors write the same text in their own way.
  sent = JSON.stringify(fields());
  const isEditor = (name) => editors().some((editor) => editor.name === `id_${name}`);
  const rest = (text) => JSON.stringify(JSON.parse(text).filter(([name]) => !isEditor(name)));
  const settle = () => {
    const now = JSON.stringify(fields());
    if (sent !== null && editors().every((editor) => !editor.checkDirty()) && rest(now) === rest(sent)) sent = now;
    else later();
  };

  const watch = (editor) => {
    settle();
    editor.on("change", later);
  };
  window.CKEDITOR?.on("instanceReady", ({ editor }) => watch(editor));
  editors().filter((editor) => editor.status === "ready").forEach(watch);
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // Rows that are taken away, put back or moved by buttons tell nobody.
  form.addEventListener("click", later);

  form.addEventListener("submit", () => {
    turn += 1;
    put(fields());
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  window.addEventListener("online", save);
  window.addEventListener("pagehide", () => {
    if (JSON.stringify(fields()) === sent) {
      navigator.sendBeacon(url, new URLSearchParams({ left: 1, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value }));
    }
  });

  const beat = async () => {
    if (document.visibilityState === "hidden") return;
    try {
      // A GET, which the office does not take for the work of an officer: a forgotten tab's session ends.
      const { data } = await ask(`${url}?beat=1&opened_version=${form.elements.opened_version?.value ?? ""}`);
      if (data) show(data);
      // What could not be kept is tried again.
      later();
    } catch {
      // The next one may get through.
    }
  };
  setInterval(beat, HEARTBEAT);

  // What an earlier form of this officer could not send any more.
  const leftBehind = () => stored((storage) =>
    Object.keys(storage).filter((key) => key.startsWith(prefix) && key !== prefix + token())) ?? [];

  const deliver = async (key) => {
    const entry = stored((storage) => JSON.parse(storage.getItem(key)));
    if (!entry || Date.now() - entry.at > KEPT_FOR) return forget(key);
    const { status, data } = await postAgain(entry.url, [...entry.pairs, ["unsaved_turn", entry.turn]]);
    if (status !== 200 && status !== 404) return null;
    forget(key);
    return data?.kept && entry.url === url;
  };

  const collect = async () => {
    try {
      const delivered = await Promise.all(leftBehind().map(deliver));
      // Nothing has been typed yet: the page comes again with the offer on top.
      if (delivered.some(Boolean) && JSON.stringify(fields()) === sent) window.location.reload();
    } catch {
      // The server cannot be reached; it is all still here.
    }
  };
  // A remark that was begun outlives the saving of the form; so it is kept for this tab.
  const remark = document.getElementById("remark-text");
  const inTab = (act) => {
    try {
      return act(window.sessionStorage);
    } catch {
      return null;
    }
  };
  if (remark) {
    const key = `remark:${user}:${url}`;
    remark.value ||= inTab((storage) => storage.getItem(key)) ?? "";
    remark.addEventListener("input", () => inTab((storage) => storage.setItem(key, remark.value)));
    remark.form.addEventListener("submit", () => inTab((storage) => storage.removeItem(key)));
  }

  collect();
  // Sent, but refused, or the answer never came: the fields are on this page again.
  if (stored((storage) => storage.getItem(prefix + token()))) {
    sent = null;
    later();
  }
})();
