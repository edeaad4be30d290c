// Keeps the clocks of the header right. Without it the minute of serving stays.
(() => {
  "use strict";
  const clocks = [...document.querySelectorAll("time[data-tz]")];
  const today = document.querySelector("[data-today]");
  const style = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const tick = () => {
    const now = new Date();
    const days = clocks.map((clock) => {
      const part = {};
      new Intl.DateTimeFormat(document.documentElement.lang, { ...style, timeZone: clock.dataset.tz })
        .formatToParts(now)
        .forEach(({ type, value }) => (part[type] = value));
      clock.textContent = `${part.hour}:${part.minute}`;
      clock.dateTime = now.toISOString();
      return (clock.nextElementSibling.textContent = `${part.day} ${part.month} ${part.year}`);
    });
    const same = new Set(days).size === 1;
    today.textContent = days[0];
    today.hidden = !same;
    clocks.forEach((clock) => (clock.nextElementSibling.hidden = same));
    setTimeout(tick, 60000 - (now % 60000));
  };
  tick();
})();
