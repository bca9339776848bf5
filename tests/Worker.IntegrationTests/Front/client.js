// What a program with the unmodified Humanloop client does: logs, updates, reads, deletes. Prints what it was answered.
// Arguments: the client's module, the front's base URL.
const { HumanloopClient, Humanloop } = require(process.argv[2]);
const client = new HumanloopClient({ apiKey: "none", baseUrl: process.argv[3], maxRetries: 0 });
const attempt = (promise) => promise.then(() => "no error", (error) => ({ name: error.constructor.name, status: error.statusCode, body: error.body, message: error.message }));
const warnings = [];
console.warn = (...words) => warnings.push(words.join(" "));

const until = async (what) => {
  for (;;) {
    const found = await what().catch(() => undefined);
    if (found) return found;
    await new Promise((later) => setTimeout(later, 100));
  }
};

// Lists Logs; saves a Tool, a Flow and a Prompt, deploys the Tool, and logs for the Environment before that and after.
async function useFiles(flow, tool) {
  const list = await until(async () => {
    const found = await client.logs.list({ fileId: flow.flowId, search: "WHERE?", includeTraceChildren: true, inTraceFilter: [true], startDate: new Date("2020-01-01") });
    return found.data.length && found;
  });
  const records = [];
  for await (const record of await client.logs.list({ fileId: tool.toolId, size: 1 })) records.push(record.id);

  const savedFlow = await client.flows.upsert({ path: "support/answer", attributes: { version: 2 } });
  const savedPrompt = await client.prompts.upsert({ path: "support/write", model: "some-model", template: "{{question}}", temperature: 0.5 });
  const saved = await client.tools.upsert({ path: "support/lookup", function: { name: "lookup", description: "looks up", parameters: { type: "object" } }, attributes: { n: 1 } });
  const before = await client.tools.log({ path: "support/lookup", environment: "staging", output: "before" });
  const deployed = await client.tools.setDeployment(saved.id, "staging", { versionId: saved.versionId });
  const resolved = async (id) => {
    const log = await client.logs.get(id);
    return log.tool.versionId === saved.versionId && log;
  };
  const beforeLog = await until(() => resolved(before.id));
  const after = await client.tools.log({ path: "support/lookup", environment: "staging", output: "after" });
  const afterLog = await until(() => resolved(after.id));

  const got = await client.tools.get(saved.id, { environment: "staging" });
  const versions = await client.tools.listVersions(saved.id, {});
  const environments = await client.tools.listEnvironments(saved.id);
  const tools = [];
  for await (const each of await client.tools.list({ size: 1, sortBy: "name", order: "asc" })) tools.push(each.path);
  const evaluators = await client.evaluators.list({ name: "no-tool-failed" });
  const evaluator = evaluators.data[0];
  const monitored = await client.tools.updateMonitoring(saved.id, { activate: [{ evaluatorVersionId: evaluator.versionId }] });
  const judged = await until(async () => {
    const { id } = await client.tools.log({ path: "support/lookup", output: "judge me" });
    await new Promise((later) => setTimeout(later, 1500));
    const log = await client.logs.get(id);
    return log.evaluatorLogs.length && log;
  });
  const unmonitored = await client.tools.updateMonitoring(saved.id, { deactivate: [{ evaluatorVersionId: evaluator.versionId }] });
  await client.tools.removeDeployment(saved.id, "staging");
  await until(async () => (await client.tools.listEnvironments(saved.id)).every((each) => !each.file));
  const all = await client.files.listFiles({ type: ["prompt", "flow"], sortBy: "name", order: "asc" });
  const byPath = await client.files.retrieveByPath({ path: "support/write" });
  const errors = { deleted: await attempt(client.tools.delete(saved.id)), python: await attempt(client.evaluators.upsert({ path: "e", spec: { argumentsType: "target_free", returnType: "boolean", evaluatorType: "python", code: "x" } })) };
  return { list: list.data, records, savedFlow, savedPrompt, saved, before, deployed, beforeLog, after, afterLog, got, versions, environments, tools, all, byPath, evaluator, monitored, judged, unmonitored, errors };
}

async function main() {
  const flow = await client.flows.log({ path: "support/answer", flow: { attributes: { version: 1 } }, inputs: { question: "Where?" }, output: undefined, startTime: new Date("2026-01-02T03:04:05Z") });
  const prompt = await client.prompts.log({ path: "support/write", prompt: { model: "some-model", template: "{{question}}" }, traceParentId: flow.id, outputMessage: { role: "assistant", content: "Soon." }, promptTokens: 7 });
  const tool = await client.tools.log({ logId: "order/17?", path: "support/find-order", traceParentId: prompt.id, inputs: { order: 17 }, output: "shipped", metadata: undefined, environment: "production", toolLogRequestEnvironment: "label" });
  const updated = await client.flows.updateLog(flow.id, { logStatus: "complete", output: "It is on its way.", error: undefined });
  const toolUpdated = await client.tools.update(tool.toolId, tool.id, { stdout: "found" });

  const spec = { argumentsType: "target_free", returnType: "select", evaluatorType: "human", options: [{ name: "good", valence: "positive" }, { name: "bad", valence: "negative" }] };
  const verdict = await client.evaluators.log({ parentId: flow.id, path: "feedback/rating", judgment: "good", spec, user: "ann" });
  const plain = await client.evaluators.log({ parentId: flow.id, path: "feedback/plain", judgment: 0.5 });

  let log;
  while (log?.evaluatorLogs?.filter((each) => each.evaluator.path.startsWith("feedback/")).length !== 2 || log.evaluatorLogs.length < 3 || !log.traceChildren?.[0]?.traceChildren?.[0]?.stdout) {
    await new Promise((later) => setTimeout(later, 100));
    log = await client.logs.get(flow.id).catch(() => undefined);
  }

  const files = await useFiles(flow, tool);
  const second = await client.tools.log({ path: "support/find-order", output: "gone soon" });
  await client.logs.delete({ id: [second.id] });
  const errors = {
    mismatch: await attempt(client.flows.log({ logId: "order/17?" })),
    invalid: await attempt(client.tools.log({ logId: "x".repeat(300) })),
    missing: await attempt(client.logs.get("nowhere")),
    judgment: await attempt(client.evaluators.log({ parentId: flow.id, path: "feedback/rating", judgment: "so so", spec })),
  };
  const isDate = log.startTime instanceof Date && log.flow.createdAt instanceof Date && log.evaluatorLogs[0].evaluator.createdAt instanceof Date;
  process.stdout.write(JSON.stringify({ flow, prompt, tool, verdict, plain, second, updated, toolUpdated, log, files, errors, isDate, warnings }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
