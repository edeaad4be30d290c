// Keeps the clocks right. Without it the served minute stays.
const clocks = [...document.querySelectorAll("[data-tz]")];
const today = document.querySelector("[data-today]");
const style = { dateStyle: "long", timeStyle: "short", hourCycle: "h23" };

function read(now, timeZone) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { ...style, timeZone });
  return Object.fromEntries(format.formatToParts(now).map((part) => [part.type, part.value]));
}

function show() {
  const now = new Date();
  const days = clocks.map((clock) => {
    const is = read(now, clock.dataset.tz);
    clock.textContent = `${is.hour}:${is.minute}`;
    clock.dateTime = today.dateTime = now.toISOString();
    return (clock.nextElementSibling.textContent = `${is.day} ${is.month} ${is.year}`);
  });
  today.textContent = days[0];
  today.hidden = days.some((day) => day !== days[0]);
  for (const it of clocks) it.nextElementSibling.hidden = !today.hidden;
  setTimeout(show, 60000 - (now % 60000));
}

show();
