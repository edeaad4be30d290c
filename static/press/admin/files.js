// Uploads one by one, with progress; drag to order; press a picture to choose its focal point.
// Without it the same form works: one upload for all, buttons to order, numbers for the point.

for (const box of document.querySelectorAll("[data-upload]")) upload(box);
for (const list of document.querySelectorAll(".file-rows")) order(list);
for (const picture of document.querySelectorAll(".file-row .focal")) focus(picture);

function upload(box) {
  const form = box.closest("form");
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector(".uploads");
  let waiting = [];
  let running = false;
  let refused = 0;

  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  for (const name of ["dragover", "dragenter"]) {
    box.addEventListener(name, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      box.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  });

  function take(files) {
    waiting.push(...files);
    if (!running) next();
  }

  function next() {
    const file = waiting.shift();
    running = Boolean(file);
    if (file) send(file);
    // What was refused stays to be read; the rest is shown at once.
    else if (!refused && form.querySelector("input[type=hidden][name=add]")) form.requestSubmit(form.querySelector("[name=do][value=add]"));
  }

  function send(file) {
    const item = document.createElement("li");
    const bar = document.createElement("progress");
    const words = document.createElement("span");
    bar.max = 1;
    bar.setAttribute("aria-label", file.name);
    words.textContent = file.name;
    item.append(words, bar);
    list.append(item);

    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("uploads", file);
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.loaded / event.total;
      if (event.loaded === event.total) {
        bar.removeAttribute("value");
        words.textContent = `${file.name} ${box.dataset.checking}`;
      }
    });
    request.addEventListener("loadend", () => {
      bar.remove();
      const answer = parsed(request.responseText);
      if (request.status === 200 && answer.sha256) {
        words.textContent = `${answer.name} ✓`;
        const added = document.createElement("input");
        Object.assign(added, { type: "hidden", name: "add", value: answer.sha256 });
        form.append(added);
      } else {
        refused += 1;
        item.className = "errornote";
        words.textContent = answer.refused || `${file.name}: ${box.dataset.failed}`;
      }
      next();
    });
    request.open("POST", box.dataset.upload);
    request.send(data);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function order(list) {
  const field = list.closest("form").elements[`order-${list.firstElementChild.id.split("-")[0]}`];
  let dragged = null;
  for (const row of list.children) {
    // Only its name moves a row: texts in its fields must stay selectable.
    const handle = row.querySelector(".handle");
    handle.draggable = true;
    handle.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.id);
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      const half = row.getBoundingClientRect();
      row[event.clientY < half.top + half.height / 2 ? "before" : "after"](dragged);
      field.value = [...list.children].map((each) => each.dataset.key).join(",");
    });
    row.addEventListener("drop", (event) => event.preventDefault());
    handle.addEventListener("dragend", () => {
      dragged = null;
    });
  }
}

function focus(picture) {
  const row = picture.closest(".file-row");
  const [x, y] = ["focal_x", "focal_y"].map((name) => row.querySelector(`[name$="-${name}"]`));
  const mark = document.createElement("span");
  mark.className = "mark";
  picture.append(mark);
  const show = () => {
    mark.style.left = `${x.value}%`;
    mark.style.top = `${y.value}%`;
  };
  picture.addEventListener("click", (event) => {
    const area = picture.getBoundingClientRect();
    x.value = Math.round((100 * (event.clientX - area.left)) / area.width);
    y.value = Math.round((100 * (event.clientY - area.top)) / area.height);
    show();
  });
  for (const field of [x, y]) field.addEventListener("input", show);
  show();
}
