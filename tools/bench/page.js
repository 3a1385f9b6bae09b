/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The charts and the block explorer: everything comes from the JSON in #data. */
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);

/* --- small tools --- */

const byId = id => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  const svg = ["svg", "g", "rect", "line", "text", "circle", "title"].includes(name);
  const e = svg ? document.createElementNS("http://www.w3.org/2000/svg", name)
                : document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    e.setAttribute(key, value);
  e.append(...children);
  return e;
}

const colour = engine => `var(--${engine}, var(--soft))`;
const engineName = id => (data.engines.find(e => e.id === id) || {name: id}).name;

function median(values) {
  const v = values.filter(x => x > 0).sort((a, b) => a - b);
  if (!v.length)
    return null;
  const middle = v.length >> 1;
  return v.length % 2 ? v[middle] : (v[middle - 1] + v[middle]) / 2;
}

function geometricMean(values) {
  const v = values.filter(x => x > 0);
  return v.length ? Math.exp(v.reduce((sum, x) => sum + Math.log(x), 0) / v.length) : null;
}

function show(value, digits = 2) {
  if (value === null || value === undefined)
    return "–";
  return value >= 1000 ? Math.round(value).toLocaleString("en") : value.toFixed(value >= 100 ? 0 : digits);
}

/* Ratios of two engines' times in the same rounds; where the work differed, of medians. */
function ratios(results, of, to) {
  const a = results[of], b = results[to];
  if (!a || !b)
    return [];
  if (a.work !== b.work)
    return [median(a.seconds) / a.work * b.work / median(b.seconds)];
  return a.seconds.map((s, i) => s / b.seconds[i]).filter(r => r > 0 && isFinite(r));
}

function legend(section, engines) {
  section.querySelector(".legend").replaceChildren(...engines.map(id =>
    element("span", {style: `--colour:${colour(id)}`}, element("i"), engineName(id))));
}

function reveal(id) {
  const section = byId(id);
  section.hidden = false;
  return section;
}

/* --- bars: groups of rows, a bar for each engine in a row --- */

function ticksOf(low, high, logarithmic) {
  if (!logarithmic) {
    const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].find(s => high / s <= 8) || high / 5;
    return Array.from({length: Math.floor(high / step) + 1}, (_, i) => i * step);
  }
  const ticks = [];
  for (let decade = -2; decade <= 4; decade++)
    for (const digit of [1, 2, 5])
      ticks.push(digit * 10 ** decade);
  return ticks.filter(t => t >= low && t <= high);
}

/* rows: {name, about, head} or {name, about, bars: [{engine, value, low, high, dot}]} */
function bars(rows, {logarithmic = false, unit = ""} = {}) {
  const width = 1100, left = 230, right = 70, bar = 9, gap = 10, headHeight = 30;
  const all = rows.flatMap(r => r.bars || []).flatMap(b => [b.value, b.high, b.dot])
                  .filter(v => v > 0);
  const high = Math.max(...all) * 1.05;
  const low = logarithmic ? Math.min(0.5, Math.min(...all) / 1.1) : 0;
  const x = v => left + (width - left - right) *
      (logarithmic ? Math.log(v / low) / Math.log(high / low) : v / high);
  const svg = element("svg", {role: "img"});
  let y = 22;
  const marks = element("g");
  for (const row of rows) {
    if (row.head) {
      y += headHeight - 8;
      marks.append(element("text", {x: 0, y, "font-weight": 600}, row.name));
      y += 8;
      continue;
    }
    const height = row.bars.length * bar;
    marks.append(element("text", {x: 0, y: y + height / 2 + 4}, row.name),
                 element("text", {x: 84, y: y + height / 2 + 4, class: "soft"}, row.about || ""));
    row.bars.forEach((b, i) => marks.append(oneBar(b, y + i * bar, bar - 2, x, logarithmic, unit)));
    y += height + gap;
  }
  for (const tick of ticksOf(low, high, logarithmic))
    svg.append(element("line", {x1: x(tick), x2: x(tick), y1: 16, y2: y, class: "grid"}),
               element("text", {x: x(tick), y: 11, "text-anchor": "middle", class: "soft"},
                       `${+tick.toPrecision(3)}${unit}`));
  svg.append(marks);
  svg.setAttribute("viewBox", `0 0 ${width} ${y}`);
  return svg;
}

function oneBar(b, y, height, x, logarithmic, unit) {
  const g = element("g", {}, element("title", {}, `${engineName(b.engine)}: ${show(b.value)}${unit}`
      + (b.dot ? `, ${show(b.dot)} bytes a byte` : "")));
  if (!(b.value > 0))
    return g;
  const from = x(logarithmic ? 1 : 0), to = x(b.value);
  g.append(element("rect", {x: Math.min(from, to), y, width: Math.max(1, Math.abs(to - from)), height,
                            fill: colour(b.engine), rx: 1}));
  if (b.high > b.low)
    g.append(element("line", {x1: x(b.low), x2: x(b.high), y1: y + height / 2, y2: y + height / 2,
                              stroke: "var(--ink)"}));
  if (b.dot)
    g.append(element("circle", {cx: x(b.dot), cy: y + height / 2, r: 3.5, fill: "var(--card)",
                                stroke: colour(b.engine), "stroke-width": 2}));
  let end = Math.max(from, to, b.high > 0 ? x(b.high) : 0);
  if (b.dot && x(b.dot) > end - 8 && x(b.dot) < end + 40)
    end = x(b.dot) + 4;
  g.append(element("text", {x: end + 5, y: y + height, "font-size": 9, class: "soft"}, show(b.value)));
  return g;
}

function rangeBar(engine, values) {
  const v = values.filter(x => x > 0);
  return {engine, value: median(v), low: Math.min(...v), high: Math.max(...v)};
}

/* --- sections --- */

const ran = id => data.kernels.some(k => k.results[id]);

function drawRun() {
  const m = data.machine, v = data.versions;
  byId("run").textContent = [data.date, `${m.cpu}, ${m.cpus} cpus`, m.kernel,
      v.commit && `commit ${v.commit}`, v.qemu, v.linux && `guest Linux ${v.linux}`]
      .filter(Boolean).join(" · ");
}

function tile(text, value, engine) {
  return element("div", {class: "tile", style: `--colour:${colour(engine)}`},
                 element("b", {}, value), element("span", {}, text));
}

function drawSummary() {
  const tiles = [];
  for (const e of data.engines) {
    if (["native", "qemu"].includes(e.id) || !ran(e.id))
      continue;
    const speed = geometricMean(data.kernels.map(k => median(ratios(k.results, "qemu", e.id))));
    if (speed)
      tiles.push(tile(`${e.name}: times as fast as QEMU system`, `${show(speed)}×`, e.id));
  }
  byId("summary").replaceChildren(...tiles);
}

function drawSpeed() {
  const engines = data.engines.map(e => e.id).filter(id => id !== data.base && ran(id));
  if (!data.base || !engines.length)
    return;
  const section = reveal("speed");
  const rows = [];
  let group;
  for (const k of data.kernels) {
    if (k.group !== group)
      rows.push({head: true, name: group = k.group});
    rows.push({name: k.name, about: k.about, bars: engines.map(id =>
        rangeBar(id, ratios(k.results, id, data.base)))});
  }
  rows.push({head: true, name: "all"});
  rows.push({name: "mean", about: "geometric", bars: engines.map(id => ({engine: id,
      value: geometricMean(data.kernels.map(k => median(ratios(k.results, id, data.base))))}))});
  byId("speed-about").textContent = `Time as a multiple of ${engineName(data.base)}'s: medians of `
      + `${data.settings.rounds} paired runs, on a logarithmic scale; the line is the range of the `
      + "runs. Shorter is better.";
  legend(section, engines);
  section.querySelector("figure").replaceChildren(bars(rows, {logarithmic: true, unit: "×"}));
}

function drawWorkloads() {
  const engines = data.engines.map(e => e.id)
                      .filter(id => data.workloads.some(w => w.results[id]));
  if (!engines.length)
    return;
  const section = reveal("workloads");
  const rows = data.workloads.filter(w => Object.keys(w.results).length).map(w => ({name: w.name,
      about: "", bars: engines.filter(id => w.results[id])
                              .map(id => rangeBar(id, w.results[id].seconds))}));
  legend(section, engines);
  section.querySelector("figure").replaceChildren(bars(rows, {unit: " s"}));
}

function drawIdle() {
  const engines = Object.keys(data.idle);
  if (!engines.length)
    return;
  const rows = engines.map(id => ({name: engineName(id),
                                   bars: [{engine: id, value: 100 * data.idle[id]}]}));
  reveal("idle").querySelector("figure").replaceChildren(bars(rows, {unit: " %"}));
}

/* The counts of the privilege that is of interest. */
const busySide = q => q[q.side];

function executed(q, engine) {
  const side = busySide(q), host = side.host[engine];
  return host && side.covered ? host.executed / side.covered : null;
}

const hostEngines = () => [...new Set(data.quality.flatMap(q => Object.keys(q.user.host)))];

function translationCost(engine) {
  const runs = (data.runs[engine] || []).map(r => r.translation).filter(t => t.insns);
  return median(runs.map(t => t.nanoseconds / t.insns));
}

function drawCost() {
  const points = hostEngines().map(id => ({id, x: translationCost(id),
      each: data.quality.map(q => ({name: q.name, y: executed(q, id)})).filter(p => p.y)}))
      .filter(p => p.x && p.each.length);
  if (!points.length)
    return;
  const width = 540, height = 340, left = 44, bottom = 40;
  const maxX = Math.max(...points.map(p => p.x)) * 1.8;
  const maxY = Math.max(...points.flatMap(p => p.each.map(e => e.y))) * 1.1;
  const x = v => left + (width - left - 10) * v / maxX;
  const y = v => height - bottom - (height - bottom - 10) * v / maxY;
  const svg = element("svg", {viewBox: `0 0 ${width} ${height}`, role: "img"});
  for (const t of ticksOf(0, maxY, false))
    svg.append(element("line", {x1: left, x2: width, y1: y(t), y2: y(t), class: "grid"}),
               element("text", {x: left - 6, y: y(t) + 4, "text-anchor": "end", class: "soft"}, show(t, 0)));
  for (const p of points) {
    for (const e of p.each)
      svg.append(element("circle", {cx: x(p.x), cy: y(e.y), r: 3, fill: colour(p.id), opacity: 0.35},
                         element("title", {}, `${e.name}: ${show(e.y)}`)));
    const mean = geometricMean(p.each.map(e => e.y));
    svg.append(element("circle", {cx: x(p.x), cy: y(mean), r: 8, fill: colour(p.id)}),
               element("text", {x: x(p.x) + 13, y: y(mean) + 4, "font-weight": 600},
                       `${engineName(p.id)}: ${show(mean)} at ${show(p.x, 0)} ns`));
  }
  svg.append(element("text", {x: width, y: height - 10, "text-anchor": "end", class: "soft"},
                     "nanoseconds to translate a guest instruction"),
             element("text", {x: 0, y: height - 10, class: "soft"}, "↑ host insns an insn"));
  reveal("cost").querySelector("figure").replaceChildren(svg);
}

const activities = [["code", "generated code", "template"], ["helpers", "helpers", "mixed"],
                    ["translation", "translation", "ir"], ["loop", "exec loop", "qemu"]];

function drawTime() {
  const rows = Object.entries(data.shares);
  if (!rows.length)
    return;
  const section = reveal("time");
  const svg = element("svg", {viewBox: `0 0 540 ${rows.length * 46}`, role: "img"});
  rows.forEach(([engine, samples], i) => {
    const every = activities.reduce((sum, [key]) => sum + samples[key], 0) || 1;
    let at = 90;
    svg.append(element("text", {x: 0, y: i * 46 + 26}, engineName(engine)));
    for (const [key, name, tint] of activities) {
      const part = samples[key] / every, size = part * 450;
      svg.append(element("rect", {x: at, y: i * 46 + 8, width: size, height: 28, fill: colour(tint)},
                         element("title", {}, `${name}: ${show(100 * part, 1)} %`)));
      if (part > 0.08)
        svg.append(element("text", {x: at + size / 2, y: i * 46 + 26, "text-anchor": "middle",
                                    style: "fill:#fff"}, `${show(100 * part, 0)} %`));
      at += size;
    }
  });
  section.querySelector(".legend").replaceChildren(...activities.map(([, name, tint]) =>
    element("span", {style: `--colour:${colour(tint)}`}, element("i"), name)));
  section.querySelector("figure").replaceChildren(svg);
}

function drawSize() {
  const engines = hostEngines();
  if (!engines.length)
    return;
  const section = reveal("size");
  const rows = data.quality.map(q => ({name: q.name, about: "", bars: engines.map(id => {
    const side = busySide(q), host = side.host[id];
    return {engine: id, value: executed(q, id),
            dot: host && side.covered_bytes ? host.bytes / side.covered_bytes : null};
  })}));
  legend(section, engines);
  section.querySelector("figure").replaceChildren(bars(rows));
}

/* --- the block explorer --- */

const hex = n => n.toString(16).padStart(8, "0");

function columns() {
  const list = [
    {name: "of", value: b => b.of},
    {name: "block", value: b => hex(b.address), cell: "name"},
    {name: "executed", value: b => b.executed, down: true},
    {name: "guest insns", value: b => b.insns},
    {name: "loads", value: b => b.executed ? b.loads / b.executed : 0, digits: 2},
    {name: "stores", value: b => b.executed ? b.stores / b.executed : 0, digits: 2},
    {name: "flags stored", value: b => b.flags_set ? 100 * b.flags_stored / b.flags_set : 0, unit: " %"},
  ];
  for (const id of [...new Set(data.blocks.flatMap(b => Object.keys(b.host)))]) {
    list.push({name: `${id} bytes`, value: b => (b.host[id] || {}).bytes ?? 0});
    for (const [what, key] of [["insns", "executed"], ["loads", "executed_loads"],
                               ["stores", "executed_stores"]])
      list.push({name: `${id} ${what} an insn`, digits: 2, down: true,
                 value: b => b.host[id] && b.executed ? b.host[id][key] / b.executed : 0});
  }
  return list;
}

function textOf(b) {
  return [b.of, hex(b.address), ...b.guest.map(g => g[1]), ...b.uops,
          ...Object.values(b.host).flatMap(h => h.code.map(c => c[3]))].join("\n").toLowerCase();
}

function form(title, lines) {
  return element("div", {}, element("h3", {}, title), element("pre", {}, ...lines.map(l =>
    element("span", {class: l.part || "", "data-at": l.at ?? ""}, l.text))));
}

/* The lines of one guest instruction stand out in every form while the mouse is on one of them. */
function highlight(forms) {
  forms.addEventListener("mouseover", event => {
    const at = event.target.dataset ? event.target.dataset.at : undefined;
    for (const line of forms.querySelectorAll("pre span"))
      line.classList.toggle("same", Boolean(at) && line.dataset.at === at);
  });
  forms.addEventListener("mouseleave", () => {
    for (const line of forms.querySelectorAll(".same"))
      line.classList.remove("same");
  });
}

function formsOf(b) {
  let at;
  const uops = b.uops.map(text => {
    const insn = /^---- ([0-9a-f]+)/.exec(text);
    if (insn)
      at = insn[1];
    return {text, at};
  });
  const forms = element("div", {class: "forms"},
    form("guest", b.guest.map(([a, text]) => ({text: `${hex(a)}  ${text}`, at: hex(a)}))),
    form("micro-ops", uops));
  for (const [id, host] of Object.entries(b.host))
    forms.append(form(`${engineName(id)}: ${host.bytes} bytes`, host.code.map(([offset, a, part, text]) =>
      ({text: `${String(offset).padStart(5)}  ${text}`, at: hex(a), part}))));
  highlight(forms);
  return forms;
}

function blockRow(b, list) {
  const row = element("tr", {class: "row", tabindex: 0});
  for (const c of list) {
    const value = c.value(b);
    row.append(element("td", {class: c.cell || ""},
                       typeof value === "number" ? show(value, c.digits || 0) + (c.unit || "") : value));
  }
  const toggle = () => {
    const next = row.nextElementSibling;
    if (next && next.classList.contains("open"))
      next.remove();
    else
      row.after(element("tr", {class: "open"}, element("td", {colspan: list.length}, formsOf(b))));
  };
  row.addEventListener("click", toggle);
  row.addEventListener("keydown", event => {
    if (event.key === "Enter")
      toggle();
  });
  return row;
}

function drawBlocks() {
  if (!data.blocks.length)
    return;
  const section = reveal("blocks");
  const list = columns();
  const entries = data.blocks.map(b => ({b, text: textOf(b), row: blockRow(b, list)}));
  const body = section.querySelector("tbody");
  let sorted = {column: 2, down: true};

  function fill() {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const value = list[sorted.column].value;
    const found = entries.filter(e => words.every(w => e.text.includes(w)));
    found.sort((p, q) => {
      const a = value(p.b), b = value(q.b);
      return (a < b ? -1 : a > b ? 1 : 0) * (sorted.down ? -1 : 1);
    });
    body.replaceChildren(...found.map(e => e.row));
    byId("found").textContent = `${found.length} of ${entries.length} blocks`;
    section.querySelectorAll("th").forEach((th, i) => th.setAttribute("aria-sort",
      i !== sorted.column ? "none" : sorted.down ? "descending" : "ascending"));
  }

  section.querySelector("thead").append(element("tr", {}, ...list.map((c, i) => {
    const button = element("button", {type: "button"}, c.name);
    button.addEventListener("click", () => {
      sorted = {column: i, down: sorted.column === i ? !sorted.down : Boolean(c.down)};
      fill();
    });
    return element("th", {scope: "col"}, button);
  })));
  byId("search").addEventListener("input", fill);
  fill();
}

function drawNotes() {
  const notes = [...Object.entries(data.left_out).map(([id, why]) => `Left out: ${engineName(id)}: ${why}.`),
                 ...data.failures.map(f => `Failed: ${f}.`), ...data.wrong.map(w => `Wrong: ${w}.`)];
  byId("notes").replaceChildren(...notes.map(n => element("p", {}, n)));
}

drawRun();
drawSummary();
drawSpeed();
drawWorkloads();
drawIdle();
drawCost();
drawTime();
drawSize();
drawBlocks();
drawNotes();
