// Recomputes the ids of vectors.json, as a JavaScript producer would. Ends 1, naming each vector that differs.
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

// RFC 8785 defines itself by JSON.stringify; only the order of keys (by UTF-16 code units) is to be added.
function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return "{" + Object.keys(value).sort().map((key) => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}";
}

const hash = (array) => createHash("sha256").update(canonical(array), "utf8").digest("hex").slice(0, 32);

const prefixes = { tool: "tl", flow: "fl", prompt: "pr", evaluator: "ev" };
const says = (value) => value !== undefined && value !== null && !(typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0);
const pick = (given, keys) => Object.fromEntries(keys.filter((key) => says(given[key])).map((key) => [key, given[key]]));

function normal(kind, details) {
  if (kind === "flow") return pick(details, ["attributes"]);
  if (kind !== "tool") return pick(details, Object.keys(details));
  const tool = pick(details, ["function", "source_code", "setup_values", "attributes"]);
  if (tool.function) tool.function = { strict: false, ...pick(tool.function, ["name", "description", "strict", "parameters"]) };
  return tool;
}

const compute = {
  canonical: (json) => canonical(JSON.parse(json)),
  file: (kind, path) => prefixes[kind] + "_" + hash(["file", kind, path.normalize("NFC").replace(/^\/+|\/+$/g, "")]),
  version: (kind, file, details) => prefixes[kind] + "v_" + hash(["version", file, normal(kind, JSON.parse(details))]),
  log_of_body: (bodyHash) => "log_" + hash(["log", bodyHash]),
  log_of_span: (trace, span) => "log_" + hash(["span", trace, span]),
  evaluator_log: (log, revision, evaluator, version) => "log_" + hash(["evaluator_log", log, revision, evaluator, version]),
  dead_letter: (kind, bodyHash, reason) => hash(["dead_letter", kind, bodyHash, reason]),
  run: (log) => hash(["run", log]).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
};

const vectors = JSON.parse(readFileSync(join(__dirname, "vectors.json"), "utf8"));
let differ = 0;
for (const { of, given, expected } of vectors) {
  const computed = compute[of](...given);
  if (computed !== expected) {
    differ++;
    console.error(`${of}(${JSON.stringify(given)}): ${computed}, expected ${expected}`);
  }
}
console.log(`${vectors.length} vectors, ${differ} differ`);
process.exit(differ === 0 ? 0 : 1);
