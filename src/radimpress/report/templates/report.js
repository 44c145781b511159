// Without this script the page shows everything, one thing below the other.
"use strict";
(() => {
  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);
  const press = (buttons, chosen) =>
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button === chosen)));

  // Theme: the system's unless the reader chose; storage is refused in sandboxed frames.
  const root = document.documentElement;
  const toggle = document.querySelector("[data-theme-toggle]");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = (act) => { try { return act(localStorage); } catch { return null; } };
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const label = () => { toggle.textContent = isDark() ? "Light theme" : "Dark theme"; };
  const chosen = stored((store) => store.getItem("radimpress-theme"));
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  toggle.hidden = false;
  label();
  dark.addEventListener("change", label);
  toggle.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    stored((store) => store.setItem("radimpress-theme", root.dataset.theme));
    label();
  });

  // Test sets: one at a time.
  const tabs = [...document.querySelectorAll("[data-tab]")];
  const show = (tab) => {
    press(tabs, tab);
    each(document, ".panel", (panel) => { panel.hidden = panel.dataset.split !== tab.dataset.tab; });
    each(document, "[data-section]", (link) => {
      link.href = `#${tab.dataset.tab}-${link.dataset.section}`;
    });
  };
  tabs.forEach((tab) => tab.addEventListener("click", () => show(tab)));
  if (tabs.length) {
    show(tabs[0]);
    tabs[0].parentElement.hidden = false;
    each(document, ".split-name", (name) => name.classList.add("unseen")); // the tab says it
  }

  // Examples: one at a time, filtered by kind.
  each(document, "[data-browser]", (browser) => {
    const all = [...browser.querySelectorAll(".example")];
    const filters = [...browser.querySelectorAll("[data-filter]")];
    const position = browser.querySelector(".position");
    let open = all, at = 0;
    const draw = () => {
      all.forEach((example) => { example.hidden = example !== open[at]; });
      position.textContent = open.length ? `${at + 1} of ${open.length}` : "none";
    };
    const step = (by) => {
      if (!open.length) return;
      at = (at + by + open.length) % open.length;
      draw();
    };
    filters.forEach((button) => button.addEventListener("click", () => {
      const kind = button.dataset.filter;
      press(filters, button);
      open = all.filter((e) => !kind || e.dataset.kinds.split(" ").includes(kind));
      at = 0;
      draw();
    }));
    each(browser, "[data-step]", (button) =>
      button.addEventListener("click", () => step(Number(button.dataset.step))));
    browser.querySelector("[data-differences]").addEventListener("change", (event) =>
      browser.classList.toggle("plain", !event.target.checked));
    browser.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by) { event.preventDefault(); step(by); }
    });
    browser.tabIndex = 0;
    browser.querySelector(".controls").hidden = false;
    draw();
  });

  // On paper everything is shown, and afterwards what was hidden is hidden again.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll(".panel[hidden], .example[hidden]")];
    folded.forEach((part) => { part.hidden = false; });
  });
  addEventListener("afterprint", () => folded.forEach((part) => { part.hidden = true; }));
})();
