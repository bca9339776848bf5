// What a program with the unmodified Humanloop client does that has its Prompts called. Prints what it was answered.
// Arguments: the client's module, the front's base URL.
const { HumanloopClient } = require(process.argv[2]);
const client = new HumanloopClient({ apiKey: "none", baseUrl: process.argv[3], maxRetries: 0 });
const attempt = (promise) => promise.then(() => "no error", (error) => ({ name: error.constructor.name, status: error.statusCode, body: error.body, message: error.message }));

const stored = async (id) => {
  for (;;) {
    const log = await client.logs.get(id).catch(() => undefined);
    if (log) return log;
    await new Promise((later) => setTimeout(later, 100));
  }
};

const prompt = {
  model: "m",
  provider: "openai",
  template: [{ role: "system", content: "You are {{person}}." }],
  temperature: 0.5,
  maxTokens: 9,
  topP: 0.9,
  stop: ["\n"],
  tools: [{ name: "find", description: "finds", parameters: { type: "object" } }],
};

async function main() {
  const messages = [{ role: "user", content: "Grüß dich!", name: undefined }];
  const inline = await client.prompts.call({ path: "persona", prompt, messages, inputs: { person: "a clerk" }, toolChoice: "auto", user: "ann", metadata: { n: 1 }, startTime: new Date("2026-01-02T03:04:05Z"), providerApiKeys: { openai: "sk-of-the-caller" } });
  const saved = await client.prompts.upsert({ path: "saved", ...prompt });
  const deployed = await client.prompts.setDeployment(saved.id, "staging", { versionId: saved.versionId });
  const flow = await client.flows.log({ path: "flow", inputs: {} });
  await stored(flow.id);
  const byPath = await client.prompts.call({ path: "saved", environment: "staging", promptsCallRequestEnvironment: "label", inputs: { person: "x" }, messages, returnInputs: false, traceParentId: flow.id, logId: "mine", numSamples: 1 });
  const unsaved = await client.prompts.call({ path: "persona", prompt, messages, inputs: { person: "x" }, save: false });

  const events = [];
  for await (const event of await client.prompts.callStream({ id: saved.id, versionId: saved.versionId, inputs: { person: "x" }, messages })) events.push(event);
  const left = await client.prompts.callStream({ path: "saved", inputs: { person: "x" }, messages: [{ role: "user", content: "never end" }] });
  let leftId;
  for await (const event of left) {
    leftId = event.id;
    break;
  }

  const logs = {};
  for (const [name, id] of Object.entries({ inline: inline.id, byPath: byPath.id, stream: events[0].id, left: leftId })) logs[name] = await stored(id);
  const errors = {
    streamed: await attempt(client.prompts.callStream({ path: "saved", messages })),
    missing: await attempt(client.prompts.call({ path: "saved", messages })),
    wrapped: await attempt(client.prompts.call({ path: "nowhere" })),
    refused: await attempt(client.prompts.callStream({ path: "saved", inputs: { person: "x" }, messages: [{ role: "user", content: "refuse" }] })),
  };
  const isDate = inline.startTime instanceof Date && inline.endTime instanceof Date && inline.logs[0].createdAt instanceof Date;
  process.stdout.write(JSON.stringify({ inline, saved, byPath, unsaved, events, logs, errors, isDate }));
}

main().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
