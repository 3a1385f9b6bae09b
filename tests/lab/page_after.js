/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Put behind the page's own script by test_lab.c: uses the page, and says how it went in #verdict. */
"use strict";
{
  const problems = window.problems;
  const check = (holds, what) => holds || problems.push(what);
  const rows = () => [...document.querySelectorAll("#table tbody tr.row")];
  const column = i => rows().map(r => r.cells[i].textContent);
  const numbers = i => column(i).map(t => Number(t.replace(/[^0-9.]/g, "")));
  const header = name => [...document.querySelectorAll("#table th")]
      .findIndex(th => th.textContent === name);
  const click = i => document.querySelectorAll("#table th button")[i].click();
  const ascending = list => list.every((v, i) => !i || list[i - 1] <= v);
  const search = text => {
    const input = document.getElementById("search");
    input.value = text;
    input.dispatchEvent(new Event("input"));
  };
  const visible = id => !document.getElementById(id).hidden;

  for (const id of ["speed", "workloads", "idle", "cost", "time", "size", "blocks"])
    check(visible(id), `section ${id} is hidden`);
  check(document.querySelectorAll("#speed rect").length >= 6, "few bars");
  check(document.querySelectorAll("#summary .tile").length >= 1, "no tiles");
  for (const attribute of document.querySelectorAll("svg *"))
    for (const {name, value} of attribute.attributes)
      check(!/NaN|undefined|Infinity/.test(value), `${attribute.nodeName} ${name}=${value}`);

  const all = rows().length;
  check(all === data.blocks.length, `${all} rows`);
  const executed = header("executed"), block = header("block");
  check(ascending(numbers(executed).reverse()), "not sorted by what was executed");
  click(block);
  check(ascending(column(block)), "not sorted by address");
  click(block);
  check(ascending(column(block).reverse()), "not sorted by address, downwards");
  const insns = header("guest insns");
  click(insns);
  check(ascending(numbers(insns)), "not sorted by instructions");

  search(column(block)[0]);
  check(rows().length >= 1 && rows().length < all, "search for an address");
  search("SHR crc");
  check(rows().length >= 1 && rows().length < all, "search for two words, in capitals");
  search("no such thing");
  check(rows().length === 0, "search for nothing");
  check(document.getElementById("found").textContent.startsWith("0 of"), "count of found");
  search("");
  check(rows().length === all, "search cleared");

  const scroll = document.querySelector(".scroll");
  rows()[0].click();
  check(scroll.scrollWidth <= scroll.clientWidth, "the forms are not side by side in the window");
  const forms = [...document.querySelectorAll("tr.open .forms h3")].map(h => h.textContent);
  check(forms[0] === "guest" && forms[1] === "micro-ops" && forms.length >= 3,
        `forms: ${forms.join(", ")}`);
  check([...document.querySelectorAll("tr.open pre")].every(p => p.children.length), "empty form");
  const line = document.querySelector("tr.open pre span[data-at]");
  line.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
  check(document.querySelectorAll("tr.open .same").length > 1, "no lines that belong together");
  rows()[0].click();
  check(!document.querySelector("tr.open"), "block does not close");

  const verdict = document.createElement("pre");
  verdict.id = "verdict";
  verdict.textContent = problems.length ? problems.join("; ") : "passed";
  document.body.append(verdict);
}
