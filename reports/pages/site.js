// The one script of the site: it filters and sorts what has class "find", and jumps to an area by name.
// It adds controls and changes no word; without it a page is whole. Lines like these are left out where it is printed.
(d => {
  const each = (root, what, act) => root.querySelectorAll(what).forEach(act);
  const made = (tag, more) => Object.assign(d.createElement(tag), more);
  each(d, ".find", (found, at) => {
    const rows = [...found.querySelectorAll("tbody tr,li")];
    const box = made("input", {type: "search", id: "find-" + at, autocomplete: "off"});
    const told = made("output", {htmlFor: box.id});
    const tool = made("p", {className: "tool"});
    tool.append(made("label", {htmlFor: box.id, textContent: found.dataset.find}), " ", box, " ", told);
    box.oninput = () => {
      const wanted = box.value.toLowerCase().split(/\s+/);
      const left = rows.filter(row => {
        const text = row.textContent.toLowerCase();
        return !(row.hidden = !wanted.every(word => text.includes(word)));
      });
      each(found, ".letter", part => part.hidden = !part.querySelector("li:not([hidden])"));
      told.value = wanted[0] && left.length + " of " + rows.length;
    };
    // Return opens the first that is left: of "durham", County Durham.
    box.onkeydown = press => {
      if (press.key == "Enter") rows.find(row => !row.hidden)?.querySelector("a")?.click();
    };
    (found.closest(".scroll") || found).before(tool);
    each(found, "thead th", (head, place) => {
      const number = head.classList.contains("n");
      const button = made("button", {type: "button"});
      // Missing values, "[x]", come last either way.
      const key = row => {
        const text = (row.cells[place].firstChild || row.cells[place]).textContent;
        if (!number) return /^\[|^$/.test(text) ? NaN : text;
        return +text.replace("−", "-").replace(/,/g, "").match(/-?[\d.]+/)?.[0];
      };
      button.append(...head.childNodes);
      head.append(button);
      button.onclick = () => {
        const way = head.getAttribute("aria-sort") == (number ? "descending" : "ascending") != number ? -1 : 1;
        each(found, "thead th", other => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
        rows.sort((a, b) => {
          a = key(a);
          b = key(b);
          if (a !== a || b !== b) return (a !== a) - (b !== b);
          return way * (number ? a - b : a.localeCompare(b));
        });
        found.tBodies[0].append(...rows);
      };
    });
  });
})(document);
