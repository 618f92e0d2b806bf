"use strict";
// Sorting and filtering of tables. Without this script everything can still be read.
(() => {
  const key = (row, column) => {
    const cell = row.cells[column];
    const value = cell.dataset.v;
    if (value !== undefined) return Number(value);
    const text = cell.textContent.trim();
    return text === "" || text === "–" ? null : text;
  };
  // Numbers before words, nothing at the end whichever way round.
  const order = (a, b, down) => {
    if (a === null || b === null) return (a === null) - (b === null);
    const numbers = (typeof b === "number") - (typeof a === "number");
    if (numbers !== 0) return numbers;
    const by = typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true });
    return down ? -by : by;
  };
  const sort = (table, head) => {
    const column = head.cellIndex;
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row) => [key(row, column), row]);
    rows.sort((a, b) => order(a[0], b[0], down));
    body.append(...rows.map((pair) => pair[1]));
  };
  for (const table of document.querySelectorAll("table.sort")) {
    table.tHead.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      sort(table, button.parentElement);
      table.dispatchEvent(new Event("sorted"));
    });
  }

  // Rows shown of a long table until all are asked for: laying out thousands takes long.
  const FIRST = 150;

  for (const form of document.querySelectorAll("form.filters")) {
    const table = document.getElementById(form.dataset.table);
    const output = form.querySelector("output");
    const rows = Array.from(table.tBodies[0].rows);
    const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const more = form.querySelector("button");
    let limit = rows.length > 2 * FIRST ? FIRST : Infinity;
    const names = Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent.trim());
    const apply = () => {
      const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      const picks = Array.from(form.querySelectorAll("select"))
        .filter((select) => select.value !== "")
        .map((select) => [names.indexOf(select.name), select.value]);
      let fitting = 0;
      for (const row of table.tBodies[0].rows) {
        const fits = words.every((word) => texts.get(row).includes(word))
          && picks.every(([column, value]) => row.cells[column].textContent === value);
        fitting += fits;
        row.hidden = !fits || fitting > limit;
      }
      const cut = fitting > limit ? `, the first ${limit} shown` : "";
      output.textContent = `${fitting} of ${rows.length} rows${cut}`;
      more.hidden = fitting <= limit;
    };
    more.addEventListener("click", () => {
      limit = Infinity;
      apply();
    });
    table.addEventListener("sorted", () => {
      if (limit !== Infinity) apply();
    });
    for (const select of form.querySelectorAll("select")) {
      const column = names.indexOf(select.name);
      const values = [...new Set(rows.map((row) => row.cells[column].textContent))].filter(Boolean);
      values.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
      for (const value of values) select.add(new Option(value, value));
    }
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", apply);
    apply();
  }

  // Workloads of large reports are packed until they are opened.
  const unpack = async (details) => {
    const packed = details.querySelector("script[type='application/gzip']");
    if (!packed) return;
    packed.remove();
    const bytes = Uint8Array.from(atob(packed.textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    details.insertAdjacentHTML("beforeend", await new Response(stream).text());
  };
  for (const details of document.querySelectorAll("details.workload")) {
    details.addEventListener("toggle", () => details.open && unpack(details));
  }

  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Paper cannot be clicked.
  let opened = [];
  addEventListener("beforeprint", () => {
    // What is packed cannot be unpacked in time; who opened it has it on paper.
    opened = Array.from(document.querySelectorAll("details:not([open])"))
      .filter((details) => !details.querySelector("script"));
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
