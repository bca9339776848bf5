using System.Net;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.Front;

/// <summary>A front alone, and workers in processes of their own, who hear of a deployment over the broker.</summary>
public sealed class DeploymentProcessTests
{
    [RabbitMqFact]
    public Task A_deployment_reaches_the_logs_that_wait_for_it_in_another_process() =>
        DeployAsync(TestStorage.File(), workers: 1);

    [RabbitMqFact]
    public Task A_deployment_reaches_the_logs_that_wait_for_it_whichever_worker_stored_them_on_MongoDB()
    {
        Assert.SkipUnless(TestServers.HasMongoDb, TestServers.MongoDbMissing);
        return DeployAsync(TestStorage.MongoDb(), workers: 2);
    }

    private static async Task DeployAsync(TestStorage storage, int workers)
    {
        const int Logs = 300;
        await using var held = storage;
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        await using var front = await FrontProcess.StartAsync("serve", storage.Path, host.Uri, storage.Settings);
        await Task.WhenAll(Enumerable.Range(0, Logs).Select(number => front.PostAsync(
            "/tools/log?environment=staging", $$"""{"log_id":"t{{number}}","path":"support/find","trace_parent_id":"f"}""")));
        await front.PostAsync("/flows/log", """{"log_id":"f","path":"support/answer","output":"x","trace_status":"complete"}""");
        var running = Enumerable.Range(0, workers).Select(_ => WorkerProcess.Run(storage, host.Uri, new Dictionary<string, string>())).ToList();

        try
        {
            await front.JudgedAsync("f");
            var (_, saved) = await front.PostAsync("/tools", """{"path":"support/find","attributes":{"n":1}}""");
            var (file, version) = ((string)saved!["id"]!, (string)saved["version_id"]!);
            var (status, _) = await front.PostAsync($"/tools/{file}/environments/staging?version_id={version}", "");
            status.ShouldBe(HttpStatusCode.OK);

            await Eventually.IsTrueAsync("every Log has the Version", async () =>
                (int)(await front.SendAsync(HttpMethod.Get, $"/logs?file_id={file}&version_id={version}&size=1")).Json!["total"]! == Logs);
            await Eventually.IsTrueAsync("the trace is judged again with it", async () =>
                (await front.JudgedAsync("f"))["evaluator_logs"]!.AsArray().All(verdict => (int)verdict!["revision"]! > 1));
            (await front.SendAsync(HttpMethod.Delete, $"/tools/{file}/environments/staging")).Status.ShouldBe(HttpStatusCode.NoContent);
            await Eventually.IsTrueAsync("nothing is deployed", async () =>
                (await front.SendAsync(HttpMethod.Get, $"/tools/{file}")).Json!["environments"]!.AsArray().Count == 0);
            (await broker.DrainAsync(BrokerClient.DeadQueue)).ShouldBeEmpty();
        }
        finally
        {
            foreach (var worker in running)
                await worker.DisposeAsync();
        }
    }
}
