// Tables: a letter has none, since no mail program shows them alike.

// With at least two rows, one of them with two cells, and nothing but a line or two in each. All others are there to place things.
export function isDataTable(table) {
  if (table.querySelector("table, ul, ol, h1, h2, h3, h4, blockquote") || table.getAttribute("role") === "presentation") return false;
  const rows = rowsOf(table);
  return rows.length >= 2 && rows.some(cells => cells.length >= 2) && rows.flat().every(cell => cell.textContent.trim().length <= 300);
}

// Cells that say something, row by row.
export function rowsOf(table) {
  return [...table.rows].map(row => [...row.cells].filter(cell => cell.textContent.trim())).filter(cells => cells.length);
}
