using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="Storage.ILogStore"/> promises.</summary>
public abstract class LogStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task A_written_log_is_read_again_with_its_version_one_higher()
    {
        var log = Some.Log("a", parent: "p", fields: [(LogFields.Output, "\"42\"")]);
        var store = await OpenAsync();

        var result = await store.Logs.WriteAsync([log], Cancellation);

        result.Lost.ShouldBeEmpty();
        result.TooLarge.ShouldBeEmpty();
        (await ReadAsync(store, "a")).ShouldBeLog(log with { Version = 1 });
    }

    [Fact]
    public async Task What_is_not_stored_is_absent_from_what_is_read()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync([Some.Log("a")], Cancellation);

        (await store.Logs.ReadAsync(["b", "a", "a", ""], Cancellation)).Keys.ShouldBe(["a"]);
        (await store.Logs.ReadAsync([], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_a_log_holds_is_kept()
    {
        var log = Some.FullLog("full");
        var store = await OpenAsync();

        await store.Logs.WriteAsync([log], Cancellation);

        (await ReadAsync(store, "full")).ShouldBeLog(log with { Version = 1 });
    }

    [Fact]
    public async Task The_first_and_the_last_instant_are_kept()
    {
        var instants = new[] { Timestamps.First, Timestamps.First + 1, -1, 0, Timestamps.Last - 1, Timestamps.Last };
        var store = await OpenAsync();
        foreach (var instant in instants)
        {
            var date = JsonValue.FromText(Timestamps.Format(instant)).ToString();
            var log = Some.FlowLog($"at-{instant}", fields: [(LogFields.StartTime, date), (LogFields.EndTime, date), (LogFields.CreatedAt, date)]) with
            {
                OutcomeAt = instant,
                CompletionRequestedAt = instant,
                OutcomeSentAt = instant,
                CompletionSentAt = instant,
                FirstReceivedAt = instant,
                Receipts = [new Receipt(Some.Stamp(at: instant), "body")],
            };

            await store.Logs.WriteAsync([log], Cancellation);

            var read = await ReadAsync(store, log.Id);
            read.ShouldBeLog(log with { Version = 1 });
            (read.StartedAt, read.EndedAt).ShouldBe((instant, instant));
        }
    }

    [Fact]
    public async Task What_was_written_outlives_the_worker()
    {
        var log = Some.FullLog("full");
        await (await OpenAsync()).Logs.WriteAsync([log], Cancellation);

        (await ReadAsync(await ReopenAsync(), "full")).ShouldBeLog(log with { Version = 1 });
    }

    [Fact]
    public async Task A_write_replaces_the_version_that_was_read()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync([Some.Log("a", fields: [(LogFields.Output, "\"old\"")])], Cancellation);
        var next = Some.Log("a", parent: "p", fields: [(LogFields.Output, "\"new\"")]) with { Version = 1 };

        (await store.Logs.WriteAsync([next], Cancellation)).Lost.ShouldBeEmpty();

        (await ReadAsync(store, "a")).ShouldBeLog(next with { Version = 2 });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_write_over_any_other_version_loses_the_race_and_changes_nothing(int version)
    {
        var store = await OpenAsync();
        var log = Some.Log("a", fields: [(LogFields.Output, "\"1\"")]);
        await store.Logs.WriteAsync([log], Cancellation);
        await store.Logs.WriteAsync([log with { Version = 1 }], Cancellation);

        var result = await store.Logs.WriteAsync(
            [Some.Log("a", fields: [(LogFields.Output, "\"2\"")]) with { Version = version }], Cancellation);

        result.Lost.ShouldBe(["a"]);
        (await ReadAsync(store, "a")).ShouldBeLog(log with { Version = 2 });
    }

    [Fact]
    public async Task A_write_over_what_is_not_stored_loses_the_race()
    {
        var store = await OpenAsync();

        (await store.Logs.WriteAsync([Some.Log("a") with { Version = 1 }], Cancellation)).Lost.ShouldBe(["a"]);

        (await store.Logs.ReadAsync(["a"], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_logs_that_lost_are_told_and_the_rest_is_written()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync([Some.Log("b"), Some.Log("d")], Cancellation);

        var result = await store.Logs.WriteAsync(
            [Some.Log("a"), Some.Log("b"), Some.Log("c"), Some.Log("d"), Some.Log("e")], Cancellation);

        result.Lost.ShouldBe(["b", "d"], ignoreOrder: true);
        (await store.Logs.ReadAsync(["a", "b", "c", "d", "e"], Cancellation)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Of_two_workers_that_write_over_one_version_exactly_one_wins()
    {
        var ids = Enumerable.Range(0, 50).Select(number => $"log-{number}").ToArray();
        var one = await OpenAsync();
        var two = await OpenAsync();

        for (var round = 0; round < 5; round++)
        {
            var results = await Task.WhenAll(
                Task.Run(() => one.Logs.WriteAsync(Logs("\"one\"", round), Cancellation), Cancellation),
                Task.Run(() => two.Logs.WriteAsync(Logs("\"two\"", round), Cancellation), Cancellation));

            results[0].Lost.Concat(results[1].Lost).ShouldBe(ids, ignoreOrder: true);
            var stored = await one.Logs.ReadAsync(ids, Cancellation);
            foreach (var id in ids)
                stored[id].Text(LogFields.Output).ShouldBe(results[0].Lost.Contains(id) ? "two" : "one");
        }

        Log[] Logs(string output, int version) => [.. ids.Select(
            id => Some.Log(id, fields: [(LogFields.Output, output)]) with { Version = version })];
    }

    [Fact]
    public async Task A_write_that_one_worker_was_told_of_is_read_by_every_other()
    {
        var one = await OpenAsync();
        var two = await OpenAsync();

        for (var number = 0; number < 20; number++)
        {
            await one.Logs.WriteAsync([Some.Log($"log-{number}")], Cancellation);
            (await two.Logs.ReadAsync([$"log-{number}"], Cancellation)).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task A_document_over_the_limit_is_too_large_and_its_neighbours_are_written()
    {
        var store = await OpenAsync();
        var huge = Some.Log(
            "huge", fields: [(LogFields.Output, $"\"{new string('x', Storage.LogDocument.MaxBytes)}\"")]);

        var result = await store.Logs.WriteAsync([Some.Log("a"), huge, Some.Log("b")], Cancellation);

        result.TooLarge.ShouldBe(["huge"]);
        result.Lost.ShouldBeEmpty();
        (await store.Logs.ReadAsync(["a", "huge", "b"], Cancellation)).Keys.ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_tombstone_is_read_like_any_log()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync([Some.Log("a", parent: "p")], Cancellation);
        var tombstone = Some.Tombstone("a", "p") with { Version = 1 };

        await store.Logs.WriteAsync([tombstone], Cancellation);

        (await ReadAsync(store, "a")).ShouldBeLog(tombstone with { Version = 2 });
    }

    [Theory]
    [InlineData("with\0nul")]
    [InlineData("\0")]
    [InlineData("with\0nul and more")]
    [InlineData("quote ' and \" and \\ and {\"$ne\":1}")]
    [InlineData("äöü 漢字 🎈 \u0301")]
    [InlineData(" spaces and\nlines ")]
    [InlineData("$where.a.b")]
    [InlineData("null")]
    [InlineData("12")]
    public async Task Any_string_is_an_id(string id)
    {
        var store = await OpenAsync();
        var log = Some.Log(id, parent: id + "/parent", fields: [(LogFields.Output, "\"1\"")]) with { Resolution = Some.Unresolved(new DeploymentKey(id, id)) };

        await store.Logs.WriteAsync([log], Cancellation);

        (await store.Logs.WriteAsync([log], Cancellation)).Lost.ShouldBe([id]);
        (await ReadAsync(store, id)).ShouldBeLog(log with { Version = 1 });
        (await store.Logs.ReadAsync([id + "x", id.ToUpperInvariant() + "Y", id.Split('\0')[0] + "z"], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ids_that_differ_in_case_accents_or_after_a_nul_are_different()
    {
        string[] ids = ["a", "A", "\u00e9", "e\u0301", "a\0b", "a\0c", new string('x', 255)];
        var store = await OpenAsync();

        (await store.Logs.WriteAsync([.. ids.Select(id => Some.Log(id))], Cancellation)).Lost.ShouldBeEmpty();

        (await store.Logs.ReadAsync(ids, Cancellation)).Keys.ShouldBe(ids, ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"$set":{"$ne":1},"a.b":{"":{"":1}},"":"","__proto__":1,"id":2,"kind":3,"merge":4}""")]
    [InlineData("""{"nul":"a\u0000b","key\u0000":1,"quote":"\"\\\/\b\f\n\r\t","é":"\u00e9 \ud83c\udf88 🎈"}""")]
    [InlineData("""[9223372036854775808,-9223372036854775809,123456789012345678901234567890,1e400,0.1,1.0,-0,1E+2,5e-324]""")]
    [InlineData("""{ "spaced" : [ 1 , 2 ] , "same":1, "same":2 }""")]
    [InlineData("""{"b":1,"a":2,"empty":{},"none":[],"null":null,"t":true,"f":false}""")]
    public async Task Json_is_kept_as_it_was_sent(string json)
    {
        var store = await OpenAsync();
        var log = Some.Log("a", fields: [(LogFields.Inputs, json), (LogFields.Metadata, json)]);

        await store.Logs.WriteAsync([log], Cancellation);

        (await ReadAsync(store, "a"))[LogFields.Inputs].ShouldBeSameJson(json);
        (await ReadAsync(store, "a"))[LogFields.Metadata].ShouldBeSameJson(json);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(500)]
    public async Task Deep_json_is_kept(int depth)
    {
        var store = await OpenAsync();
        var json = string.Concat(Enumerable.Repeat("{\"a\":[", depth / 2)) + "1" + string.Concat(
            Enumerable.Repeat("]}", depth / 2));

        await store.Logs.WriteAsync([Some.Log("a", fields: [(LogFields.Inputs, json)])], Cancellation);

        (await ReadAsync(store, "a"))[LogFields.Inputs].ShouldBeSameJson(json);
    }

    [Fact]
    public async Task Large_texts_are_kept()
    {
        var store = await OpenAsync();
        var log = Some.Log("a", fields: [(LogFields.Output, $"\"{new string('ä', 1_000_000)}\"")]);

        await store.Logs.WriteAsync([log], Cancellation);

        (await ReadAsync(store, "a")).ShouldBeLog(log with { Version = 1 });
    }

    private static async Task<Log> ReadAsync(StoreUnderTest store, string id) =>
        (await store.Logs.ReadAsync([id], Cancellation))[id];
}
