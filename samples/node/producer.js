// Logs one trace through amqplib: children before their parents, the completion last.
// AMQP_URL says where the broker is. Argument: a prefix for the ids; else a random one.
const amqp = require("amqplib");

async function main() {
  const prefix = process.argv[2] ?? crypto.randomUUID();
  const connection = await amqp.connect(process.env.AMQP_URL ?? "amqp://guest:guest@localhost:5672");
  const channel = await connection.createConfirmChannel();
  const publish = (kind, fields) => channel.publish("logs", kind, Buffer.from(JSON.stringify(fields)), { persistent: true, mandatory: true });

  publish("tool.logged", {
    log_id: `${prefix}-tool`,
    path: "support/look up order",
    tool: { function: { name: "look_up_order", description: "Looks up an order" } },
    inputs: { order: 17, note: undefined },
    output: JSON.stringify({ state: "shipped" }),
    error: null,
    start_time: new Date(Date.now() - 2000),
    end_time: new Date(),
    trace_parent_id: `${prefix}-inner`,
  });
  publish("flow.logged", { log_id: `${prefix}-inner`, path: "support/plan", output: "looked up", trace_parent_id: `${prefix}-outer`, trace_status: "complete" });
  publish("flow.logged", { log_id: `${prefix}-outer`, path: "support/answer", inputs: { question: "Where is my order?" } });
  publish("flow.log.updated", { log_id: `${prefix}-outer`, output: "It is on its way.", trace_status: "complete" });

  await channel.waitForConfirms();
  await connection.close();
  console.log(`worker trace ${prefix}-outer`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
