// SPDX-License-Identifier: BSL-1.0
// node peer_duckdb.mjs FILE: the same value in SQL, on the columns that peer_columns wrote. Loading is
// not timed; the query is, as CPU milliseconds on one thread and on two, median of five.
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:');
const db = await instance.connect();
await db.run('set threads to 1');
await db.run(`create table deal as select * from read_csv('${process.argv[2]}')`);
// Survival of the shifted beta-geometric with alpha = 1 + family, beta = 9, families 0 to 5.
await db.run(`create table retention as select family, 1.0 as s0, 9 / (10.0 + family) as s1,
  9 / (10.0 + family) * 10 / (11.0 + family) as s2 from range(8) t(family)`);
const query = `select seller, count(*) n, sum(net) net,
  sum((net*(1-loss)-net*cost_share)*pow(1.1,-delay/365.0)
    * case when recurring = 1 then 1 + pow(1.1,-1)*(case when term<=1 then s1 else 1 end)
        + pow(1.1,-2)*(case term when 1 then s2 when 2 then s1 else 1 end) else 1 end) v
  from deal join retention using (family) group by seller`;

for (const threads of [1, 2]) {
  await db.run(`set threads to ${threads}`);
  const cpu = [], wall = [];
  let value = 0;
  for (let i = 0; i < 6; ++i) {
    const used = process.cpuUsage(), begin = performance.now();
    const rows = (await db.runAndReadAll(query)).getRowObjects();
    wall.push(performance.now() - begin);
    const spent = process.cpuUsage(used);
    cpu.push((spent.user + spent.system) / 1e3);
    value = rows.reduce((sum, row) => sum + row.v, 0);
  }
  // The first run warms up.
  const median = times => times.slice(1).sort((a, b) => a - b)[2].toFixed(1);
  console.log(`DuckDB, ${threads} thread(s): cpu ${median(cpu)} ms, wall ${median(wall)} ms; value ${value.toExponential(9)}`);
}
