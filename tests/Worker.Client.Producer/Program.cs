using System.Globalization;
using Worker.Client;
using Worker.Contracts;

// Arguments: broker, spool, a prefix for ids, calls held in memory at most, calls in all, pause in ms after each ten.
// Writes "true" and the id of each Log whose call returned that, and the account after each ten; at the end, drained, too.
var client = new WorkerClient(new WorkerClientOptions
{
    RabbitMq = args[0],
    SpoolPath = args[1],
    MaxMemoryMessages = int.Parse(args[3], CultureInfo.InvariantCulture),
    ConfirmTimeout = TimeSpan.FromSeconds(2),
});
var calls = int.Parse(args[4], CultureInfo.InvariantCulture);
var pause = int.Parse(args[5], CultureInfo.InvariantCulture);
await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
for (var call = 0; call < calls; call++)
{
    var id = $"{args[2]}-{call}";
    if (client.Log(new ToolLogged { LogId = id, Path = "support/find-order", Output = $"output of {id}" }))
        await output.WriteLineAsync($"true {id}");
    if (call % 10 != 9)
        continue;
    await TellAsync("counts");
    await Task.Delay(pause);
}

await client.DisposeAsync();
await TellAsync("end");

async Task TellAsync(string word)
{
    var counts = client.Counts;
    await output.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"{word} {counts.Enqueued} {counts.Published} {counts.Spooled} {counts.Refused} {counts.Dropped} {counts.InMemory}"));
}
