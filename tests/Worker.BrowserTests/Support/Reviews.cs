using System.Net;
using System.Text.Json.Nodes;

namespace Worker.BrowserTests.Support;

/// <summary>Evaluators that ask a person, beside the shipped ones, and what is where on the page that shows them.</summary>
internal static class Reviews
{
    /// <summary>Of the Logs that they are about.</summary>
    public const string Folder = "desk";

    private static readonly Dictionary<string, string> Asking = new()
    {
        ["rating"] = "description: Would you send this answer as it is?\nreturn_type: select\noptions: [good, needs work, wrong]",
        ["polite"] = "return_type: boolean",
        ["score"] = "return_type: number\nnumber_limits: { min: 1, max: 5 }",
        ["tags"] = "return_type: multi_select\noptions: [short, complete, kind]",
        ["note"] = "return_type: text",
    };

    /// <returns>The folder.</returns>
    public static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var shipped = Path.Combine(Path.GetDirectoryName(Programs.Worker)!, "config", "evaluators");
        foreach (var file in Directory.GetFiles(shipped, "*.yaml"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        foreach (var (name, more) in Asking)
        {
            File.WriteAllText(
                Path.Combine(folder, $"feedback-{name}.yaml"),
                $"path: feedback/{name}\nkind: human\n{more}\nattach: [{{ kind: flow, path: \"{Folder}/**\" }}]\n");
        }

        return folder;
    }

    /// <summary>A person says whether it is polite.</summary>
    public static async Task SaysAsync(this FrontProcess worker, string logId, bool judgment, string user = "ann")
    {
        var (status, json) = await worker.PostAsync("/evaluators/log", new JsonObject
        {
            ["parent_id"] = logId, ["path"] = "feedback/polite", ["judgment"] = judgment, ["user"] = user,
        }.ToJsonString());
        status.ShouldBe(HttpStatusCode.OK, json?.ToJsonString());
    }

    /// <summary>Until the store has so many of these verdicts on that Log.</summary>
    public static Task UntilSaidAsync(this FrontProcess worker, string logId, int count) => Eventually.IsTrueAsync(
        $"{count} people's verdicts on {logId}",
        async () => (await worker.SendAsync(HttpMethod.Get, "/logs/" + logId)).Json?["evaluator_logs"]?.AsArray()
            .Count(each => each!["evaluator"]?["path"]?.GetValue<string>() == "feedback/polite") == count);

    public static ILocator Queue(this IPage page) => page.GetByRole(AriaRole.List, new() { Name = "Logs", Exact = true }).GetByRole(AriaRole.Button);

    public static ILocator Current(this IPage page) => page.Locator(".item[aria-current=true]");

    public static ILocator Verdict(this IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Verdict", Exact = true });

    public static ILocator Reviewer(this IPage page) => page.GetByLabel("Your name");

    public static async Task ChooseAsync(this IPage page, string evaluator)
    {
        await page.GetByLabel("Evaluator", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = evaluator });
        await Expect(page.Verdict().GetByRole(AriaRole.Heading, new() { Name = evaluator })).ToBeVisibleAsync();
    }
}
