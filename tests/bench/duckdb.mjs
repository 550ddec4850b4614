// What an analytical data base does for the same figures: users per token. node duckdb.mjs CORPUS.jsonl MODULES
// MODULES is the folder into which tests/corpus/fetch_duckdb.py put DuckDB.
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [corpus, modules] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(resolve(modules, "package.json"))("@duckdb/node-api");
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();
const result = await connection.runAndReadAll(`
    with words as (
        select "user" as person, unnest(regexp_extract_all(lower(text), '[\\p{L}\\p{N}]+')) as token
        from read_json('${corpus.replaceAll("'", "''")}', format = 'newline_delimited', columns = {"user": 'VARCHAR', role: 'VARCHAR', text: 'VARCHAR'})
        where role = 'user'),
    users as (select token, count(distinct person) as n from words group by token)
    select count(*), count(*) filter (n = 1), count(*) filter (n < 10) from users`);
console.log(result.getRows()[0].map(Number).join(" "));
