// The unmodified Humanloop client's decorators: a flow with a nested flow, tools, one of which fails, and one that nobody waits
// for. Prints what the flow answered, and the id that its Log was given. Arguments: the client's module, the front's base URL.
const { join } = require("node:path");
const { HumanloopClient } = require(process.argv[2]);
const { getTraceId } = require(join(process.argv[2], "context.js"));
const client = new HumanloopClient({ apiKey: "none", baseUrl: process.argv[3], maxRetries: 0 });
const wait = (milliseconds) => new Promise((later) => setTimeout(later, milliseconds));
const version = (name) => ({ function: { name, description: name, parameters: { type: "object", properties: { order: { type: "string" } } } } });

let id;

const find = client.tool({ path: "support/find-order", version: version("find_order"), callable: async ({ order }) => ({ order, status: "shipped" }) });
const pay = client.tool({ path: "support/pay-back", version: version("pay_back"), callable: async () => { throw new Error("no money"); } });
const notify = client.tool({ path: "support/notify", version: version("notify"), callable: async () => { await wait(50); return "sent"; } });
const refund = client.flow({ path: "support/refund", attributes: { strategy: "policy" }, callable: async ({ order }) => { await find({ order }); await pay({ order }).catch(() => {}); return "not refunded"; } });
const answer = client.flow({ path: "support/answer", attributes: { release: 1 }, callable: async ({ question }) => { id = getTraceId(); await find({ order: "A-1" }); await refund({ order: "A-1" }); notify({ order: "A-1" }); return `Answered: ${question}`; } });

answer({ question: "Where?" }).then(async (output) => {
  await wait(500);
  process.stdout.write(JSON.stringify({ output, id }));
}, (error) => {
  console.error(error);
  process.exit(1);
});
