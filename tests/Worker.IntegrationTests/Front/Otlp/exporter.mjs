// What a program instrumented with OpenTelemetry does, configured by the environment alone: an answer, which asks a model,
// which calls a tool. Prints the ids of its spans. Its modules are installed beside it.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { NodeSDK } = require("@opentelemetry/sdk-node");
const { trace, SpanStatusCode } = require("@opentelemetry/api");

const sdk = new NodeSDK();
sdk.start();
const tracer = trace.getTracer("exporter");

const ids = tracer.startActiveSpan("answer", { attributes: { "input.value": '{"question":"Where?"}', "output.value": "It is on its way." } }, (answer) =>
  tracer.startActiveSpan("chat some-model", { attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "some-model", "gen_ai.usage.input_tokens": 7 } }, (chat) =>
    tracer.startActiveSpan("execute_tool find", { attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "find" } }, (tool) => {
      tool.recordException(new Error("no such order"));
      tool.setStatus({ code: SpanStatusCode.ERROR });
      for (const span of [tool, chat, answer]) span.end();
      return [answer, chat, tool].map((span) => span.spanContext());
    })));

await sdk.shutdown();
process.stdout.write(JSON.stringify(ids));
