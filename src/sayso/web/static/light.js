// Lights a whole statement, in text and margin, while it is pointed at, focused or linked to.
// The page is complete without it.
"use strict";
(() => {
  const marked = [...document.querySelectorAll("[data-s]")];
  const light = (kind, number) => {
    for (const element of marked) {
      element.classList.toggle(kind, number !== "" && element.dataset.s.split(" ").includes(number));
    }
  };
  const numberOf = (target) => {
    const holder = target.closest?.(".line, .ref, mark[data-s]");
    if (!holder) return "";
    return holder.matches(".ref") ? holder.textContent : holder.dataset.s.split(" ").at(-1);
  };
  const linked = () => light("linked", (location.hash.match(/^#[st](\d+)$/) || ["", ""])[1]);
  addEventListener("hashchange", linked);
  document.addEventListener("mouseover", (event) => light("lit", numberOf(event.target)));
  document.addEventListener("focusin", (event) => light("lit", numberOf(event.target)));
  linked();
})();
