// The recipes of docs/recipes/sweep: Slurm's script and the command of Kubernetes' job, run here for each index as the
// batch system would run them, and DuckDB on their rows.
//
// Slurm and Kubernetes themselves are not here: the script is checked by bash and given the environment of a task, the
// job is read as YAML and its command run with the environment of a pod. A Slurm that runs here checks the script too.

import assert from "node:assert/strict";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { before, test } from "node:test";

import { HOSTS, Missing, python, run } from "./tools.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
const RECIPE = join(ROOT, "docs/recipes/sweep");
const RUNS = 48;
const SHARDS = 8;

/** Bringing DuckDB, and building the command where the native tests have not, in milliseconds. */
const BRINGING = 1_800_000;

/** Reads YAML of several documents, and prints them as JSON. */
const TO_JSON = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))";

/** Runs a file of SQL, and prints the rows of each statement as JSON. */
const ASK = `
import duckdb, json, sys
connection = duckdb.connect()
answers = []
for statement in duckdb.extract_statements(open(sys.argv[1]).read()):
    answer = connection.execute(statement)
    names = [column[0] for column in answer.description or []]
    answers.append([dict(zip(names, row)) for row in answer.fetchall()])
print(json.dumps(answers, default=float))
`;

let dir = "";
let lsmscope = "";
let missing = "";
/** @type {(program: string) => string} */
let tool = (program) => program;

before(
  async () => {
    dir = join(HOSTS, "pages", "sweep");
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    await cp(RECIPE, dir, { recursive: true });
    // As `cargo test` builds it.
    const cargo = ["test", "--workspace", "--test", "sweep", "--no-run", "--quiet"];
    await run("cargo", cargo);
    lsmscope = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target", "debug/lsmscope");
    try {
      tool = await python("sweep", { duckdb: "2.0.1", pyyaml: "6.0.4" });
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      missing = error.message;
      console.error(`\nDuckDB is SKIPPED. ${missing}\n`);
    }
  },
  { timeout: BRINGING },
);

/**
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
const within = (program, args, env = {}) =>
  run(program, args, { cwd: dir, env: { PATH: `${dirname(lsmscope)}${delimiter}${process.env.PATH}`, ...env } });

/** @param {string} rows the folder whose shards are brought together */
async function together(rows) {
  const from = shards().flatMap((n) => ["--from", join(rows, `shard-${n}.csv`)]);
  const said = await within(lsmscope, ["sweep", "grid.toml", ...from, "--out-csv", `${rows}.csv`]);
  assert.match(said, /none to go/);
  return readFile(join(dir, `${rows}.csv`), "utf8");
}

const shards = () => Array.from({ length: SHARDS }, (_, at) => at + 1);

test("Slurm's tasks make the rows of the whole sweep", async () => {
  await within("bash", ["-n", "slurm.sh"]);
  const script = await readFile(join(dir, "slurm.sh"), "utf8");
  assert.match(script, new RegExp(`^#SBATCH --array=1-${SHARDS}$`, "m"));
  for (const n of shards())
    await within("bash", ["slurm.sh", "grid.toml", "rows"], {
      SLURM_ARRAY_TASK_ID: String(n),
      SLURM_ARRAY_TASK_COUNT: "1",
      SLURM_CPUS_PER_TASK: "2",
    });
  await within(lsmscope, ["sweep", "grid.toml", "--out-csv", "whole.csv"]);
  const whole = await readFile(join(dir, "whole.csv"), "utf8");
  assert.equal(whole.trimEnd().split("\n").length, RUNS + 1);
  assert.equal(await together("rows"), whole);
});

test("Slurm itself takes the script", async (t) => {
  if ((await run("sinfo", ["--noheader"]).catch(() => "")) === "") return t.skip("no Slurm runs here");
  await within("sbatch", ["--test-only", "slurm.sh", "grid.toml", "rows"]);
});

test("the pods of Kubernetes' job make the same rows", async (t) => {
  if (missing) return t.skip(missing);
  const [claim, job] = JSON.parse(await within(tool("python"), ["-c", TO_JSON, "kubernetes.yaml"]));
  assert.deepEqual([claim.kind, job.kind, job.spec.completionMode], ["PersistentVolumeClaim", "Job", "Indexed"]);
  const { containers, volumes } = job.spec.template.spec;
  const [{ command, args, env, volumeMounts }] = containers;
  const given = Object.fromEntries(
    env.map((/** @type {{ name: string, value: string }} */ { name, value }) => [name, value]),
  );
  assert.equal(Number(given.SHARDS), job.spec.completions, "as many shards as pods");
  // Each volume is declared and mounted, and each path of the command lies in one.
  const names = (/** @type {{ name: string }[]} */ of) => of.map(({ name }) => name).sort();
  assert.deepEqual(names(volumeMounts), names(volumes));
  assert.equal(volumes.at(-1).persistentVolumeClaim.claimName, claim.metadata.name);
  const mounts = volumeMounts.map((/** @type {{ mountPath: string }} */ { mountPath }) => mountPath);
  const paths = args[0].match(/(?<=[\s"])\/\w+(?=\/)/g);
  assert.deepEqual([...new Set(paths)].sort(), [...mounts].sort());
  const pods = join(dir, "pods");
  await mkdir(pods);
  const here = args.map((/** @type {string} */ line) =>
    line.replaceAll("/spec/", `${dir}/`).replaceAll("/rows/", `${pods}/`),
  );
  for (let index = 0; index < job.spec.completions; index++)
    await within(command[0], [...command.slice(1), ...here], { ...given, JOB_COMPLETION_INDEX: String(index) });
  assert.equal(await together("pods"), await readFile(join(dir, "whole.csv"), "utf8"));
});

test("DuckDB brings the shards together, and has the front that --pareto prints", async (t) => {
  if (missing) return t.skip(missing);
  await writeFile(join(dir, "ask.py"), ASK);
  const answers = JSON.parse(await within(tool("python"), ["ask.py", "ask.sql"]));
  const [, counts, , styles, , front, best] = answers;
  assert.equal(counts.length, 1);
  assert.deepEqual({ ...counts[0], plan: "" }, { plan: "", rows: RUNS, missing: 0, twice: 0 });
  assert.deepEqual(styles.map((/** @type {{ compaction_style: string }} */ row) => row.compaction_style).sort(), [
    "leveled",
    "universal",
  ]);
  const printed = await within(lsmscope, ["sweep", "grid.toml", "--out-csv", "whole.csv", "--pareto"]);
  const table = printed.slice(printed.indexOf("run  ")).split("\n\n")[0].split("\n").slice(1);
  const numbers = table.map((line) => Number(line.trim().split(/\s+/)[0]));
  const ofFront = front.map((/** @type {{ run: number }} */ { run }) => run);
  const ascending = (/** @type {number} */ a, /** @type {number} */ b) => a - b;
  assert.deepEqual(ofFront.sort(ascending), numbers.sort(ascending));
  assert.ok(ofFront.length > 3 && ofFront.length < RUNS, `${ofFront.length} runs`);
  assert.ok(best.every((/** @type {{ stopped_seconds: number }} */ row) => row.stopped_seconds === 0));
  // What DuckDB wrote as Parquet, what it reads from ours, and the CSV are the same rows.
  await within(lsmscope, ["sweep", "grid.toml", "--out-csv", "whole.csv", "--out-parquet", "ours.parquet"]);
  const sql =
    "SELECT count(*) AS n FROM (FROM 'runs.parquet' INTERSECT FROM 'ours.parquet' INTERSECT FROM 'whole.csv')";
  await writeFile(join(dir, "same.sql"), sql);
  assert.deepEqual(JSON.parse(await within(tool("python"), ["ask.py", "same.sql"])), [[{ n: RUNS }]]);
});
