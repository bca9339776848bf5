// Logs a trace through the unmodified Humanloop client to the worker's front, and reads the verdicts back.
// WORKER_URL says where the front is.
const { HumanloopClient } = require("humanloop");

async function main() {
  const client = new HumanloopClient({ apiKey: "none", baseUrl: process.env.WORKER_URL ?? "http://127.0.0.1:8080/v5" });

  const flow = await client.flows.log({ path: "support/answer", flow: { attributes: { version: 1 } }, inputs: { question: "Where is my order?" } });
  await client.tools.log({ path: "support/find-order", inputs: { order: 17 }, output: "shipped", traceParentId: flow.id, startTime: new Date() });
  await client.flows.updateLog(flow.id, { traceStatus: "complete", logStatus: "complete", output: "It is on its way." });

  for (let log; !log?.evaluatorLogs?.length; await new Promise((later) => setTimeout(later, 200)))
    log = await client.logs.get(flow.id).catch(() => undefined).then(show);
}

function show(log) {
  for (const verdict of log?.evaluatorLogs ?? []) console.log(`${verdict.evaluator.path}: ${verdict.judgment}`);
  return log;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
