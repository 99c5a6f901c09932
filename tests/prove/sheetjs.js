// sheetjs.js FILE... - what SheetJS reads: one JSON line a file, {path, error} or
// {path, date1904, sheets: [{name, rows: [[cell...]]}]}; a cell is null or [type, value, is it a date].
const fs = require('fs');
const XLSX = require('xlsx');

// SSF.is_date takes the D of [Red] for a day: only letters that print count.
function isDate(code) {
  const bare = (code || '').replace(/"[^"]*"/g, '').replace(/\\./g, '').replace(/_./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').replace(/General/gi, '');
  return /[ymdhs年月日]/i.test(bare);
}

function cellOf(cell) {
  if (!cell || cell.t === 'z' || cell.v === undefined && cell.t !== 'e') return null;
  if (cell.t === 'e') return ['e', cell.w || '', false];
  if (cell.t === 'n') return ['n', cell.v, isDate(cell.z)];
  return [cell.t, cell.v instanceof Date ? cell.v.toISOString() : cell.v, false];
}

// By the cells there are, not by the range a sheet claims: that may be a million rows.
function sheetOf(name, sheet) {
  const rows = new Map();
  for (const key of Object.keys(sheet || {})) {
    if (key[0] === '!') continue;
    const cell = cellOf(sheet[key]), at = XLSX.utils.decode_cell(key);
    if (cell === null || at.c > 4096) continue;
    if (!rows.has(at.r)) rows.set(at.r, []);
    rows.get(at.r)[at.c] = cell;
  }
  const order = [...rows.keys()].sort((a, b) => a - b);
  return { name, rows: order.map(r => Array.from(rows.get(r), cell => cell || null)) };
}

for (const path of process.argv.slice(2)) {
  let line;
  try {
    const book = XLSX.read(fs.readFileSync(path), { cellNF: true, cellText: true, raw: false });
    const state = (book.Workbook && book.Workbook.WBProps) || {};
    line = { path, date1904: !!state.date1904,
      sheets: book.SheetNames.map(name => sheetOf(name, book.Sheets[name])) };
  } catch (error) {
    line = { path, error: String(error.message || error).slice(0, 200) };
  }
  console.log(JSON.stringify(line));
}
