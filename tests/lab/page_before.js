/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Put in front of the page's own script by test_lab.c: what goes wrong is kept. */
window.problems = [];
window.addEventListener("error", event => window.problems.push(event.message));
