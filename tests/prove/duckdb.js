// duckdb.js FILE... - what DuckDB makes of CSV files: one JSON line a file, {path, error} or
// {path, delimiter, rows: [[text or null...]]}; every column as text, the header as a row.
const { DuckDBInstance } = require('@duckdb/node-api');

async function main() {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('SET threads=1');
  for (const path of process.argv.slice(2)) {
    const name = "'" + path.replace(/'/g, "''") + "'";
    let line;
    try {
      const how = (await connection.runAndReadAll(
        `SELECT Delimiter, Quote, Escape FROM sniff_csv(${name}, all_varchar=true)`)).getRows()[0];
      const read = await connection.runAndReadAll(
        `SELECT * FROM read_csv(${name}, all_varchar=true, header=false, null_padding=true)`);
      line = { path, delimiter: how[0], quote: how[1], escape: how[2], rows: read.getRows() };
    } catch (error) {
      line = { path, error: String(error.message || error).split('\n')[0].slice(0, 200) };
    }
    console.log(JSON.stringify(line));
  }
}

main();
