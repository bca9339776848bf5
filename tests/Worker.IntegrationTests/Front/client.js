// What a program with the unmodified Humanloop client does: logs, updates, reads, deletes. Prints what it was answered.
// Arguments: the client's module, the front's base URL.
const { HumanloopClient, Humanloop } = require(process.argv[2]);
const client = new HumanloopClient({ apiKey: "none", baseUrl: process.argv[3], maxRetries: 0 });
const attempt = (promise) => promise.then(() => "no error", (error) => ({ name: error.constructor.name, status: error.statusCode, body: error.body, message: error.message }));
const warnings = [];
console.warn = (...words) => warnings.push(words.join(" "));

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

  const second = await client.tools.log({ path: "support/find-order", output: "gone soon" });
  await client.logs.delete({ id: [second.id] });
  const errors = {
    mismatch: await attempt(client.flows.log({ logId: "order/17?" })),
    invalid: await attempt(client.tools.log({ logId: "x".repeat(300) })),
    missing: await attempt(client.logs.get("nowhere")),
    judgment: await attempt(client.evaluators.log({ parentId: flow.id, path: "feedback/rating", judgment: "so so", spec })),
  };
  const isDate = log.startTime instanceof Date && log.flow.createdAt instanceof Date && log.evaluatorLogs[0].evaluator.createdAt instanceof Date;
  process.stdout.write(JSON.stringify({ flow, prompt, tool, verdict, plain, second, updated, toolUpdated, log, errors, isDate, warnings }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
