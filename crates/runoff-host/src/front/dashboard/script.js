"use strict";
// Everything that came from elsewhere goes through textContent: names are whatever somebody wrote.
(() => {
  const PERIOD = 2000;
  const KEY = "runoff-admin-token";
  const at = (id) => document.getElementById(id);
  const entry = at("entry"), shown = at("shown"), state = at("state"), pause = at("pause");
  let timer = 0, paused = false;

  const element = (name, text, more = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(more)) made.setAttribute(key, value);
    return made;
  };
  const number = (value) => (value === undefined || value === null ? "–" : value.toLocaleString("en"));
  const time = (value) => (value === undefined ? "–" : value < 10 ? value.toFixed(2) : value.toFixed(0));

  const say = (text, bad) => {
    if (state.textContent !== text) state.textContent = text;
    state.classList.toggle("bad", Boolean(bad));
  };

  const cells = (row, table, values) => {
    const heads = table.tHead.rows[0].cells;
    values.forEach((value, index) => {
      const label = heads[row.cells.length].textContent;
      const cell = element("td", undefined, { "data-label": label });
      cell.append(value instanceof Node ? value : element("span", value));
      if (label === "Errors" && value !== "0" || label === "Failed" && value !== "0") cell.classList.add("bad");
      row.append(cell);
    });
  };

  const tiers = (list, open) => {
    const used = list.filter((tier) => tier.runs > 0).length;
    const details = element("details");
    details.open = open;
    details.append(element("summary", `${used} of ${list.length}`));
    const items = element("ul");
    for (const tier of list) {
      const price = tier.estimate_ns === undefined ? "" : `, about ${time(tier.estimate_ns / 1e6)} ms a call`;
      const words = tier.refused ? `not used: ${tier.refused}` : `${tier.state}, ${number(tier.runs)} runs${price}`;
      items.append(element("li", `${tier.runtime}: ${words}`));
    }
    details.append(items);
    return details;
  };

  // Rows stay where they are as long as they can: what is focused or open remains so.
  const rows = (table, list, name, fill) => {
    const body = table.tBodies[0];
    const old = new Map([...body.rows].map((row) => [row.dataset.name, row]));
    const held = document.activeElement?.closest("tr")?.dataset.name;
    list.forEach((item, index) => {
      const row = old.get(name(item)) ?? element("tr");
      old.delete(name(item));
      row.dataset.name = name(item);
      const open = row.querySelector("details")?.open ?? false;
      row.replaceChildren();
      fill(row, item, open);
      if (body.rows[index] !== row) body.insertBefore(row, body.rows[index] ?? null);
      if (held === name(item)) row.querySelector("summary")?.focus({ preventScroll: true });
    });
    for (const row of old.values()) row.remove();
  };

  const show = (data) => {
    const latency = data.latency_ms ?? {};
    const facts = [
      ["Under way", number(data.in_flight)],
      ["Answers 2xx", number(data.statuses[1])],
      ["4xx", number(data.statuses[3])],
      ["5xx", number(data.statuses[4])],
      ["Request p50", `${time(latency.p50)} ms`],
      ["p95", `${time(latency.p95)} ms`],
      ["p99", `${time(latency.p99)} ms`],
      ["Turned away", number(data.shed)],
      ["Builds queued", number(data.queue)],
      ["Wait for a thread", number(data.waiting_for_threads)],
      ["Wait for code", number(data.waiting_for_code)],
    ];
    if (data.cache) {
      facts.push(
        ["Store hits", number(data.cache.hits)],
        ["misses", number(data.cache.misses)],
        ["damaged", number(data.cache.corrupt)],
        ["not written", number(data.cache.write_failures)],
      );
    }
    at("host").replaceChildren(...facts.map(([term, value]) => {
      const pair = element("div");
      pair.append(element("dt", term), element("dd", value));
      return pair;
    }));
    const functions = at("functions");
    rows(functions, data.functions, (f) => f.name, (row, f, open) => {
      const head = element("th", f.name, { scope: "row" });
      head.append(element("span", `${f.route} · ${f.abi}${f.pin ? ` · pinned to ${f.pin}` : ""}`, { class: "route" }));
      row.append(head);
      const took = f.latency_ms ?? {};
      cells(row, functions, [
        f.tier ?? "–", number(f.switches), number(f.runs), number(f.errors), number(f.active), time(took.p50),
        time(took.p95), time(took.p99), f.regret === undefined ? "–" : f.regret.toFixed(2), tiers(f.tiers, open),
      ]);
    });
    const builds = at("builds");
    rows(builds, data.builds, (b) => b.runtime, (row, b) => {
      row.append(element("th", b.runtime, { scope: "row" }));
      cells(row, builds, [
        number(b.compiles), b.compile_seconds.toFixed(2), number(b.loads), number(b.failures), number(b.workers),
      ]);
    });
    say(`Version ${data.version}${data.draining ? ", stopping" : ""}; live.`);
  };

  const ask = (words) => {
    sessionStorage.removeItem(KEY);
    shown.hidden = true;
    entry.hidden = false;
    say(words, words.startsWith("The"));
    at("token").focus();
  };

  const look = async () => {
    clearTimeout(timer);
    const token = sessionStorage.getItem(KEY);
    if (!token) return ask("Not connected.");
    try {
      const answer = await fetch("/overview", { headers: { authorization: `Bearer ${token}` }, cache: "no-store" });
      if (answer.status === 401) return ask("The token is not the right one.");
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const data = await answer.json();
      entry.hidden = true;
      shown.hidden = false;
      show(data);
    } catch (error) {
      say("The host does not answer; what is shown is old.", true);
    }
    if (!paused) timer = setTimeout(look, PERIOD);
  };

  entry.addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEY, at("token").value.trim());
    at("token").value = "";
    look();
  });
  at("forget").addEventListener("click", () => {
    clearTimeout(timer);
    ask("Forgotten.");
  });
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    if (paused) {
      clearTimeout(timer);
      say("Paused.");
    } else {
      look();
    }
  });
  look();
})();
