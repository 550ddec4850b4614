/* Tables that sort and filter. The page says all it has to say without this script; it stands inside
   the page, which is XML as well as HTML: neither of the characters that open markup may occur. */
(function () {
    "use strict";
    var SORT_FROM = 3, FILTER_FROM = 12;

    function key(row, column) {
        var cell = row.cells[column];
        if (!cell) return "";
        var value = cell.getAttribute("data-value");
        return value === null ? cell.textContent.trim().toLowerCase() : Number(value);
    }

    function compare(a, b) {
        if (typeof a === "number") return typeof b === "number" ? a - b : -1;
        return typeof b === "number" ? 1 : a.localeCompare(b, undefined, { numeric: true });
    }

    function sort(table, header) {
        var body = table.tBodies[0], column = header.cellIndex;
        var numeric = header.classList.contains("number");
        var was = header.getAttribute("aria-sort");
        var down = was ? was === "ascending" : numeric;
        var rows = Array.from(body.rows).map(function (row, place) {
            return { row: row, place: place, key: key(row, column) };
        });
        rows.sort(function (a, b) {
            return (down ? -1 : 1) * compare(a.key, b.key) || a.place - b.place;
        });
        Array.from(header.parentNode.cells).forEach(function (cell) { cell.removeAttribute("aria-sort"); });
        header.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.forEach(function (entry) { body.appendChild(entry.row); });
    }

    function add_buttons(table) {
        Array.from(table.tHead.rows[0].cells).forEach(function (header) {
            if (!header.textContent.trim()) return;
            var button = document.createElement("button");
            button.type = "button";
            while (header.firstChild) button.appendChild(header.firstChild);
            button.addEventListener("click", function () { sort(table, header); });
            header.appendChild(button);
        });
    }

    function add_filter(box, table) {
        var line = document.createElement("p"), label = document.createElement("label");
        var input = document.createElement("input"), count = document.createElement("output");
        var all = table.tBodies[0].rows.length;
        line.className = "filter";
        input.type = "search";
        label.append("Filter: ", input);
        line.append(label, " ", count);
        input.addEventListener("input", function () {
            var wanted = input.value.trim().toLowerCase(), shown = 0;
            Array.from(table.tBodies[0].rows).forEach(function (row) {
                row.hidden = !row.textContent.toLowerCase().includes(wanted);
                if (!row.hidden) shown += 1;
            });
            count.textContent = wanted ? shown + " of " + all : "";
        });
        box.parentNode.insertBefore(line, box);
    }

    document.querySelectorAll(".scroll").forEach(function (box) {
        var table = box.querySelector("table");
        if (!table || !table.tHead || SORT_FROM > table.tBodies[0].rows.length) return;
        add_buttons(table);
        if (table.tBodies[0].rows.length >= FILTER_FROM) add_filter(box, table);
    });
}());
