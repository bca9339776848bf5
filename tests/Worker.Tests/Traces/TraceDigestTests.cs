using FsCheck;
using FsCheck.Fluent;
using Worker.Traces;

namespace Worker.Tests.Traces;

public sealed class TraceDigestTests
{
    [Fact]
    public void The_same_messages_in_any_order_give_the_same_digest() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(
            (from messages in Generate.Messages(deletes: false)
             from other in Generate.ShuffledWithDuplicates(messages)
             select (messages, other)).ToArbitrary(),
            pair => TraceDigest.Of(Fold(pair.messages)).ShouldBe(TraceDigest.Of(Fold(pair.other)))));

    [Fact]
    public void Stamps_receipts_problems_and_labels_are_not_content() =>
        TraceDigest.Of([Some.Log() with { Problems = ["p"], Receipts = [new Receipt(Some.Stamp(), null)], FirstReceivedAt = 7, Version = 9, Parents = ["old"] }])
            .ShouldBe(TraceDigest.Of([Some.Log()]));

    [Fact]
    public void An_unset_field_is_an_absent_one() =>
        TraceDigest.Of([Some.Log() with { Fields = [new(LogFields.Output, null, Some.Stamp())] }]).ShouldBe(
            TraceDigest.Of([Some.Log()]));

    [Fact]
    public void Values_that_are_json_equal_are_the_same_content() =>
        TraceDigest.Of([Some.Log(fields: (LogFields.Inputs, "{\"a\":1.0,\"b\":2}"))]).ShouldBe(
            TraceDigest.Of([Some.Log(fields: (LogFields.Inputs, "{ \"b\":2,\"a\":1 }"))]));

    [Fact]
    public void Every_field_and_the_version_count()
    {
        var digests = LogFields.All.Select(field => TraceDigest.Of([Some.Log(fields: (field, "\"x\""))]))
            .Append(TraceDigest.Of([Some.Log()]))
            .Append(TraceDigest.Of([Some.Log() with { Resolution = new("f", "v", VersionSource.Inline, null) }]))
            .Append(TraceDigest.Of([Some.Log() with { Batches = ["b"] }]))
            .Append(TraceDigest.Of([Some.Log() with { Withheld = true }]))
            .Append(TraceDigest.Of([Some.Log(), Some.Log("log-2")]));

        digests.ShouldBeUnique();
    }

    private static Log[] Fold(LogMessage[] messages) =>
        [.. messages.GroupBy(message => message.LogId).Select(group =>
            group.Aggregate((Log?)null, (log, message) => LogMerge.Apply(log, message).Log)!)];
}
