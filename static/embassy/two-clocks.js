// Says below each date-time field, as it is typed, what the moment means in the other city: the server
// knows the zones, the holidays and the clock changes. Without this script the same is said once the
// form has been sent.
(() => {
  const PAUSE = 150;

  const show = (list, lines) => {
    const items = lines.map(([kind, sentence]) => {
      const item = document.createElement("li");
      item.className = kind;
      item.textContent = sentence;
      return item;
    });
    list.replaceChildren(...items);
  };

  const ask = async (list, text, signal) => {
    if (!text) return show(list, []);
    const answer = await fetch(`${list.dataset.source}?at=${encodeURIComponent(text)}`, { signal });
    // Somebody whose session has ended is told so when the form is sent.
    if (answer.ok && !answer.redirected) show(list, (await answer.json()).lines);
  };

  document.addEventListener("input", ({ target }) => {
    const list = target.type === "datetime-local" && document.getElementById(`${target.id}_clocks`);
    if (!list) return;
    clearTimeout(list.pause);
    list.asking?.abort();
    list.asking = new AbortController();
    const { signal } = list.asking;
    // Without an answer there is nothing to say.
    list.pause = setTimeout(() => ask(list, target.value, signal).catch(() => {}), PAUSE);
  });
})();
