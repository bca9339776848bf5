// The AI SDK with a model that answers by itself, its telemetry configured by the environment alone. Prints the ids of the
// span that is around it.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { NodeSDK } = require("@opentelemetry/sdk-node");
const { trace } = require("@opentelemetry/api");
const { generateText, tool, jsonSchema, stepCountIs } = await import(pathToFileURL(require.resolve("ai")));
const { MockLanguageModelV3 } = await import(pathToFileURL(require.resolve("ai/test")));

const sdk = new NodeSDK();
sdk.start();

const usage = { inputTokens: { total: 7, noCache: 7 }, outputTokens: { total: 3, text: 3 } };
const answers = [
  { content: [{ type: "tool-call", toolCallId: "c1", toolName: "find", input: '{"order":17}' }], finishReason: { unified: "tool-calls" }, usage, warnings: [] },
  { content: [{ type: "text", text: "It is on its way." }], finishReason: { unified: "stop" }, usage, warnings: [] },
];
let asked = 0;
const model = new MockLanguageModelV3({ modelId: "some-model", doGenerate: async () => answers[asked++] });

const around = trace.getTracer("vercel").startSpan("around");
const { text } = await generateText({
  model,
  prompt: "Where is order 17?",
  tools: { find: tool({ description: "Finds an order.", inputSchema: jsonSchema({ type: "object", properties: { order: { type: "number" } } }), execute: async () => "shipped" }) },
  stopWhen: stepCountIs(3),
  experimental_telemetry: { isEnabled: true, functionId: "answer", metadata: { humanloopPromptPath: "support/write", humanloopFlowPath: "support/answer", humanloopTraceId: "f-1" } },
});
around.end();
await sdk.shutdown();
process.stdout.write(JSON.stringify({ text }));
